/** What a mail is made of. There is nothing else: each looks right in every mail program, as text and as HTML. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'button'; label: string; url: string }
  | { kind: 'code'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'note'; text: string };

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
/** A link to one of our own pages: the one thing that the mail is for. */
export const button = (label: string, url: string): Block => ({ kind: 'button', label, url });
/** Something to copy. */
export const code = (text: string): Block => ({ kind: 'code', text });
export const list = (items: readonly string[]): Block => ({ kind: 'list', items });
/** Small print. */
export const note = (text: string): Block => ({ kind: 'note', text });
