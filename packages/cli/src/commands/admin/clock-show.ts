import type { CommandContext } from '../../command-context.ts';
import { card } from '../../render.ts';
import { aheadText, clockTime } from './clock-words.ts';

export async function run(ctx: CommandContext): Promise<void> {
  const { io, json, signal } = ctx;
  const clock = await (await ctx.client()).admin.clock.get({ signal });
  if (json) return io.json(clock);
  const paint = io.paint.out;
  io.print(
    card(
      [
        ['Time', paint.bold(clockTime(clock.now))],
        [
          'Ahead',
          clock.aheadBy > 0
            ? `${aheadText(clock.aheadBy)} of the real time`
            : 'not at all: it is the real time',
        ],
        ['Due', clock.settled ? paint.green('all done') : paint.yellow('being done')],
        ['Moves', clock.movable ? 'by hand as well: this is a sandbox' : 'by itself only'],
      ],
      io.columns,
      paint,
    ),
  );
  if (clock.movable) io.hint('sojourn admin clock advance 1d');
}
