import type { CommandContext } from '../../command-context.ts';
import { answerAlteration } from './answer-alteration.ts';

type Args = [id: string, alterationId: string];

export const run = (ctx: CommandContext, [id, alterationId]: Args): Promise<void> =>
  answerAlteration(ctx, id, alterationId, 'withdraw', 'Withdrawn');
