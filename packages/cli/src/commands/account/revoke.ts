import type { CommandContext } from '../../command-context.ts';
import { type Profile, readCredentials, writeCredentials } from '../../config.ts';
import { CliError } from '../../exit.ts';

/** Ends a key that `login` made for itself. A key that somebody brought along may be in use elsewhere: it stays. */
export async function revokeKey(
  { io, signal }: CommandContext,
  { url, apiKey, keyId }: Profile,
): Promise<boolean> {
  if (keyId === null) return false;
  const { openClient } = await import('../../client.ts');
  try {
    await openClient(url, { apiKey }).apiKeys.revoke(keyId, { signal, maxRetries: 0, timeout: 5_000 });
    return true;
  } catch (error) {
    io.warn(
      `The key ${keyId} is still valid on ${url}, and could not be revoked: ${(error as Error).message}`,
    );
    return false;
  }
}

/** Takes a profile out of the file, and revokes its key if it was made by `login`. */
export async function forgetProfile(
  ctx: CommandContext,
  name: string,
): Promise<{ profile: string; url: string; revoked: boolean }> {
  const credentials = readCredentials(ctx.env.configDir);
  const profile = Object.hasOwn(credentials.profiles, name) ? credentials.profiles[name] : undefined;
  if (!profile) throw new CliError(`There is no profile called ${name}.`, { next: ['sojourn profiles'] });
  const { [name]: _gone, ...profiles } = credentials.profiles;
  const current = credentials.current === name ? (Object.keys(profiles)[0] ?? null) : credentials.current;
  // Forgotten first: whatever the server says then, the key is no longer on this machine.
  writeCredentials(ctx.env.configDir, { current, profiles });
  return { profile: name, url: profile.url, revoked: await revokeKey(ctx, profile) };
}
