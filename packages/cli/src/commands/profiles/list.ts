import type { CommandContext } from '../../command-context.ts';
import { maskKey, readCredentials } from '../../config.ts';
import { table } from '../../render.ts';

export async function run(ctx: CommandContext): Promise<void> {
  const { current, profiles } = readCredentials(ctx.env.configDir);
  const rows = Object.entries(profiles).map(([name, { url, apiKey, user }]) => ({
    name,
    current: name === current,
    url,
    user,
    key: maskKey(apiKey),
  }));
  if (ctx.json) return ctx.io.json(rows);
  if (ctx.env.apiKey !== undefined)
    ctx.io.warn('SOJOURN_API_KEY is set, and goes before the profile in use.');
  if (rows.length === 0) return ctx.io.say('There are no profiles yet. Make one: sojourn login');
  ctx.io.print(
    table(
      rows,
      [
        { title: '', text: ({ current }) => (current ? '*' : ' ') },
        { title: 'NAME', text: ({ name }) => name },
        { title: 'SERVER', text: ({ url }) => url, flexible: true },
        { title: 'USER', text: ({ user }) => user?.displayName ?? user?.email ?? '', dropFirst: 2 },
        { title: 'KEY', text: ({ key }) => key, dropFirst: 1 },
      ],
      ctx.io.columns,
      ctx.io.paint.out,
    ),
  );
}
