import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';

export async function run(ctx: CommandContext): Promise<void> {
  const { io, signal } = ctx;
  const types = await (await ctx.client()).events.listTypes({ signal });
  if (ctx.json) return io.json(types);
  io.print(
    table(
      types.data,
      [
        { title: 'TYPE', text: ({ type }) => type },
        { title: 'WHEN', text: ({ summary }) => summary, flexible: true },
      ],
      io.columns,
      io.paint.out,
    ),
  );
}
