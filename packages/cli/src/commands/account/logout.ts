import type { CommandContext } from '../../command-context.ts';
import { readCredentials } from '../../config.ts';
import { forgetProfile } from './revoke.ts';

export async function run(ctx: CommandContext): Promise<void> {
  const name = ctx.profile ?? readCredentials(ctx.env.configDir).current;
  if (name === null) {
    if (ctx.json) return ctx.io.json(null);
    return ctx.io.say('You are not logged in.');
  }
  const forgotten = await forgetProfile(ctx, name);
  if (ctx.json) return ctx.io.json(forgotten);
  ctx.io.success(`Logged out of ${forgotten.url} (profile ${name}).`);
  if (ctx.env.apiKey !== undefined) ctx.io.warn('SOJOURN_API_KEY is still set, and stays in charge.');
}
