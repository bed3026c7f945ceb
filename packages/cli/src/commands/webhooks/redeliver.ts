import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';

export async function run(
  ctx: CommandContext,
  [id, deliveryId]: [id: string, delivery: string],
): Promise<void> {
  const { webhookEndpoints } = await ctx.client();
  const delivery = await webhookEndpoints.redeliver(id, deliveryId, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(delivery);
  ctx.io.print(delivery.id);
  ctx.io.success(`${oneLine(delivery.event.type)} is sent again.`);
  ctx.io.hint(`sojourn webhooks deliveries ${id}`);
}
