import type { CommandContext } from '../../../command-context.ts';
import { oneLine } from '../../../controls.ts';
import { usageError } from '../../../exit.ts';
import { readStdin } from '../../../io.ts';

export async function run(
  ctx: CommandContext,
  [listing, given]: [listing: string, url: string | undefined],
  { name }: { name?: string },
): Promise<void> {
  const { io, signal } = ctx;
  const url = await readUrl(ctx, listing, given);
  const { calendarFeeds } = await ctx.client();
  const feed = await calendarFeeds.create(listing, { name: name ?? hostOf(url), url }, { signal });
  if (ctx.json) return io.json(feed);
  io.print(feed.id);
  io.success(`${oneLine(feed.name)} is taken in: it is fetched now, and then every half hour.`);
  io.hint(`sojourn calendar feeds show ${listing} ${feed.id}`);
}

/** Whoever knows the URL can read the calendar, and every process of the machine can read a command line. */
async function readUrl(ctx: CommandContext, listing: string, given: string | undefined): Promise<string> {
  if (given === '-') return (await readStdin(ctx.io)).trim();
  if (given !== undefined) {
    ctx.io.warn(
      'The URL is a secret, and the command line keeps none. Leave it out to be asked, or pipe it in.',
    );
    return given;
  }
  if (!ctx.interactive)
    throw usageError('The URL of the calendar is missing.', [
      `sojourn calendar feeds add ${listing} - < url.txt`,
    ]);
  const { askSecret } = await import('../../../prompts.ts');
  return (await askSecret(ctx.io, 'URL of the calendar (not shown):', ctx.signal)).trim();
}

/** What is no URL is for the server to refuse, in words that do not repeat it. */
const hostOf = (url: string) => (URL.canParse(url) && new URL(url).hostname) || 'Calendar';
