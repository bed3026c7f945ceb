import type { CommandContext } from '../../command-context.ts';

interface Options {
  rotate?: true;
  revoke?: true;
}

/** The URL alone on stdout, so that it can be sent to where it is needed; the words about it to stderr. */
export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { rotate, revoke }: Options,
): Promise<void> {
  const { io, json, signal } = ctx;
  if (revoke) {
    await ctx.confirm('Revoke the URL? Other channels can no longer read the calendar.');
    await (await ctx.client()).calendarExport.revoke(id, { signal });
    if (json) return io.json({ listingId: id, revoked: true });
    return io.success('Revoked: the calendar has no URL any more.');
  }
  if (rotate)
    await ctx.confirm('Replace the URL? Channels that read by the present one have to get the new one.');
  const { calendarExport } = await ctx.client();
  const shared = await calendarExport[rotate ? 'rotate' : 'share'](id, { signal });
  if (json) return io.json(shared);
  io.print(shared.url);
  io.warn('Whoever knows this URL can read which nights are taken: give it to your other channels only.');
}
