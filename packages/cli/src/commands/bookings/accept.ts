import type { CommandContext } from '../../command-context.ts';
import { actOnBooking } from './act.ts';

export const run = (ctx: CommandContext, [id]: [id: string]): Promise<void> =>
  actOnBooking(ctx, id, 'accept', 'Accepted');
