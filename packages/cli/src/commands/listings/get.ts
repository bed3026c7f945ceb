import type { CommandContext } from '../../command-context.ts';
import { drawListing } from './draw.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const listing = await (await ctx.client()).listings.get(id, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(listing);
  ctx.io.print(drawListing(listing, ctx.io.columns, ctx.io.paint.out));
}
