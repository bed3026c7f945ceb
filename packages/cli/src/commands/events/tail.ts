import type { CommandContext } from '../../command-context.ts';
import { eventDrawer } from './draw.ts';
import { type FollowOptions, follow } from './follow.ts';

type Options = FollowOptions & { limit?: number };

export async function run(ctx: CommandContext, _args: [], { limit, ...options }: Options): Promise<void> {
  const { io, json } = ctx;
  const draw = eventDrawer(io.columns, io.paint.out);
  let shown = 0;
  await follow(ctx, options, async (event) => {
    if (json) await io.jsonLine(event);
    else io.print(draw(event));
    shown += 1;
    return shown !== limit;
  });
}
