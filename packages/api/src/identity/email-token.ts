import { createHash, randomBytes } from 'node:crypto';

// `em_` and 256 random bits. It is made where the mail is written and kept nowhere: of it only a hash is stored, for
// which a fast function is enough.
const HEAD = 'em_';
const FORM = /^em_[\w-]{43}$/;

export interface EmailToken {
  text: string;
  hash: Buffer;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

export function newEmailToken(): EmailToken {
  const text = HEAD + randomBytes(32).toString('base64url');
  return { text, hash: sha256(text) };
}

/** What is stored of a token; undefined when the text cannot be one. */
export const hashOfEmailToken = (text: string) => (FORM.test(text) ? sha256(text) : undefined);

/** By which mail to one address is counted, whoever has it. */
export const hashOfAddress = (email: string) => sha256(`mail:${email.toLowerCase()}`);
