import type { List, Page } from '@sojourn/sdk';
import type { CommandContext } from '../command-context.ts';

interface Show<P> {
  /** All pages instead of one. */
  all: boolean;
  /** A page as text for people. `first` is false on the pages after it. */
  draw: (page: P, first: boolean) => string;
}

/**
 * Prints a list. With `--json` one page is the API's own answer (so that `nextCursor` is at hand), and `--all` is a stream
 * of items, one a line. Without, pages are drawn, and the command for the next one is told on stderr.
 */
export async function showList<Item, P extends Page<Item>>(
  ctx: CommandContext,
  list: List<Item, P>,
  { all, draw }: Show<P>,
): Promise<void> {
  const { io, json } = ctx;
  if (all) {
    let first = true;
    for await (const page of list.pages()) {
      if (json) for (const item of page.data) await io.jsonLine(item);
      else if (first || page.data.length > 0) io.print(draw(page, first));
      first = false;
    }
    return;
  }
  const page = await list.page();
  if (json) return io.json(page);
  if (page.data.length > 0) io.print(draw(page, true));
  if (page.nextCursor !== null) io.say(`Next page: ${nextPageCommand(ctx.argv, page.nextCursor)}`);
}

/** The command line as it was typed, going on at the cursor. */
export function nextPageCommand(argv: readonly string[], cursor: string): string {
  const kept = argv.filter((word, i) => !word.startsWith('--cursor') && argv[i - 1] !== '--cursor');
  return commandLine([...kept, '--cursor', cursor]);
}

/** Words as they are typed after `sojourn`. */
export const commandLine = (words: readonly string[]): string => ['sojourn', ...words].map(quote).join(' ');

/** A word as a POSIX shell reads it back. */
const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
