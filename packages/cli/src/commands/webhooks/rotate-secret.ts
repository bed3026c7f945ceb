import type { CommandContext } from '../../command-context.ts';
import { showSecret } from './secret.ts';

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  options: { overlapHours?: number },
): Promise<void> {
  const { webhookEndpoints } = await ctx.client();
  await showSecret(
    ctx,
    await webhookEndpoints.rotateSecret(id, options, { signal: ctx.signal }),
    'Made a new secret for',
  );
}
