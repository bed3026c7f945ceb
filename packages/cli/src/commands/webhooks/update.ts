import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { conditionOf } from './draw.ts';

interface Options {
  url?: string;
  types?: string[];
  description?: string;
  enable?: true;
  disable?: true;
}

export async function run(ctx: CommandContext, [id]: [id: string], options: Options): Promise<void> {
  const { enable, disable, ...rest } = options;
  const changes = { ...rest, ...(enable && { enabled: true }), ...(disable && { enabled: false }) };
  if (Object.keys(changes).length === 0)
    throw usageError('Say what to change.', 'sojourn webhooks update --help');
  const { webhookEndpoints } = await ctx.client();
  const endpoint = await webhookEndpoints.update(id, changes, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(endpoint);
  ctx.io.success(`Changed ${endpoint.id}, which is ${conditionOf(endpoint)}.`);
}
