import type { CommandContext } from '../../command-context.ts';
import { showSecret } from './secret.ts';

interface Options {
  types?: string[];
  description?: string;
  allEvents?: true;
}

export async function run(ctx: CommandContext, [url]: [url: string], options: Options): Promise<void> {
  const { webhookEndpoints } = await ctx.client();
  const endpoint = await webhookEndpoints.create({ url, ...options }, { signal: ctx.signal });
  await showSecret(ctx, endpoint, 'Created');
  if (!ctx.json) ctx.io.hint(`sojourn webhooks test ${endpoint.id}`);
}
