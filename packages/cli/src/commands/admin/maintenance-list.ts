import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { wrap } from '../../render.ts';

export async function run(ctx: CommandContext): Promise<void> {
  const { io, json, signal } = ctx;
  const { admin } = await ctx.client();
  const list = await admin.maintenance.tasks({ signal });
  if (json) return io.json(list);
  const paint = io.paint.out;
  const drawn = list.data.map(({ name, summary, applies, options }) =>
    [
      `${paint.cyan(oneLine(name))} ${paint.dim(applies ? '[mends with --apply]' : '[only looks]')}`,
      ...wrap(oneLine(summary), io.columns - 2).map((line) => `  ${line}`),
      ...(options.length > 0
        ? [paint.dim(`  ${options.map((name) => `--${oneLine(name)}`).join(' ')}`)]
        : []),
    ].join('\n'),
  );
  io.print(drawn.join('\n\n'));
  io.hint('sojourn admin maintenance run TASK', 'sojourn admin maintenance runs');
}
