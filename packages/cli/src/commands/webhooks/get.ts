import type { CommandContext } from '../../command-context.ts';
import { card } from '../../render.ts';
import { conditionOf, when } from './draw.ts';

export async function run(ctx: CommandContext, [id]: [id: string]): Promise<void> {
  const { io, signal } = ctx;
  const endpoint = await (await ctx.client()).webhookEndpoints.get(id, { signal });
  if (ctx.json) return io.json(endpoint);
  const { failingSince, previousSecretUntil } = endpoint;
  io.print(
    card(
      [
        ['Url', endpoint.url],
        ['State', conditionOf(endpoint)],
        ['Failing', failingSince === null ? undefined : `since ${when(failingSince)}`],
        ['Types', endpoint.types.join(', ')],
        ['Of', endpoint.allEvents ? 'everybody' : 'your own world'],
        ['Description', endpoint.description],
        ['Secrets', previousSecretUntil === null ? undefined : `two until ${when(previousSecretUntil)}`],
        ['Created', when(endpoint.createdAt)],
        ['Id', endpoint.id],
      ],
      io.columns,
      io.paint.out,
    ),
  );
  io.hint(`sojourn webhooks deliveries ${endpoint.id}`);
}
