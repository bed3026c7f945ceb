import type { CommandContext } from '../../command-context.ts';
import { readCredentials, writeCredentials } from '../../config.ts';
import { CliError } from '../../exit.ts';

export async function run(ctx: CommandContext, [name]: [name: string]): Promise<void> {
  const credentials = readCredentials(ctx.env.configDir);
  const profile = Object.hasOwn(credentials.profiles, name) ? credentials.profiles[name] : undefined;
  if (!profile)
    throw new CliError(`There is no profile called ${name}.`, {
      next: ['sojourn profiles', `sojourn login --profile ${name}`],
    });
  writeCredentials(ctx.env.configDir, { ...credentials, current: name });
  if (ctx.json) return ctx.io.json({ profile: name, url: profile.url });
  ctx.io.success(`Profile ${name} is in use: ${profile.url}`);
  if (ctx.env.apiKey !== undefined) ctx.io.warn('SOJOURN_API_KEY is still set, and stays in charge.');
}
