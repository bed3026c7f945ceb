import { generateWebhookSecret } from '@sojourn/sdk/webhooks';
import type { CommandContext } from '../../command-context.ts';
import { readCredentials, writeCredentials } from '../../config.ts';

/** The secret that signs: kept with the profile, so that it stays the same; without a profile a new one each time. */
export async function listenSecret(ctx: CommandContext): Promise<{ secret: string; kept: boolean }> {
  const { profile: name } = await ctx.connection();
  const { configDir } = ctx.env;
  const credentials = readCredentials(configDir);
  const profile = name === undefined ? undefined : credentials.profiles[name];
  if (name === undefined || !profile) return { secret: generateWebhookSecret(), kept: false };
  if (profile.listenSecret !== undefined) return { secret: profile.listenSecret, kept: true };
  const secret = generateWebhookSecret();
  const profiles = { ...credentials.profiles, [name]: { ...profile, listenSecret: secret } };
  writeCredentials(configDir, { ...credentials, profiles });
  return { secret, kept: true };
}
