import type { CommandContext } from '../../command-context.ts';

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { from, types }: { from: number; types?: string[] },
): Promise<void> {
  const { webhookEndpoints } = await ctx.client();
  const replay = await webhookEndpoints.replay(
    id,
    { fromSequence: from, ...(types && { types }) },
    { signal: ctx.signal },
  );
  if (ctx.json) return ctx.io.json(replay);
  ctx.io.success(`The events from ${replay.fromSequence} to ${replay.toSequence} are sent again.`);
  ctx.io.hint(`sojourn webhooks deliveries ${id}`);
}
