import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { usageError } from '../../exit.ts';
import { count } from '../../render.ts';

interface Options {
  all?: true;
  upTo?: string;
}

export async function run(
  ctx: CommandContext,
  [ids]: [ids: string[]],
  { all, upTo }: Options,
): Promise<void> {
  const ways = [ids.length > 0, all, upTo !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw usageError(
      'Name the notifications, or say --all or --up-to: one of these.',
      'sojourn notifications read --all',
    );
  if (ids.length > 0) return readEach(ctx, ids);
  const { notifications } = await ctx.client();
  const answer = await notifications.readAll(upTo === undefined ? {} : { upTo }, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(answer);
  ctx.io.success(`Marked ${count(answer.marked, 'notification')} as read; ${answer.unreadCount} unread.`);
}

async function readEach(ctx: CommandContext, ids: readonly string[]): Promise<void> {
  const { notifications } = await ctx.client();
  for (const id of ids) {
    const notification = await notifications.read(id, { signal: ctx.signal });
    if (ctx.json) await ctx.io.jsonLine(notification);
    else ctx.io.success(`Read: ${oneLine(notification.title)}`);
  }
}
