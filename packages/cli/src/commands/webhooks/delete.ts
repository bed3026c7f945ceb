import type { CommandContext } from '../../command-context.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  await ctx.confirm(`Delete ${id}, its secret and its log?`);
  await (await ctx.client()).webhookEndpoints.delete(id, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json({ id, deleted: true });
  ctx.io.success(`Deleted ${id}.`);
}
