import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { CliError, EXIT, type ExitCode } from '../../exit.ts';
import { outcomeOf } from './draw.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<ExitCode> {
  const { webhookEndpoints } = await ctx.client();
  const delivery = await webhookEndpoints.test(id, { signal: ctx.signal });
  const delivered = delivery.state === 'delivered';
  if (ctx.json) await ctx.io.json(delivery);
  else if (delivered) ctx.io.success(`The test was received: ${oneLine(outcomeOf(delivery))}.`);
  else throw failure(id, oneLine(outcomeOf(delivery)));
  return delivered ? EXIT.ok : EXIT.failed;
}

const failure = (id: string, why: string) =>
  new CliError(`The test was not received. ${why}`, { next: [`sojourn webhooks deliveries ${id}`] });
