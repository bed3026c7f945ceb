import type { CommandContext } from '../../command-context.ts';
import { maskKey } from '../../config.ts';
import { card } from '../../render.ts';

export async function run(ctx: CommandContext): Promise<void> {
  const { url, apiKey, profile } = await ctx.connection();
  const me = await (await ctx.client()).me.get({ signal: ctx.signal });
  if (ctx.json) return ctx.io.json({ profile: profile ?? null, url, key: maskKey(apiKey), user: me });
  ctx.io.print(
    card(
      [
        ['User', me.displayName],
        ['Email', me.email],
        ['Id', me.id],
        ['Server', url],
        ['Key', `${maskKey(apiKey)} (${profile === undefined ? 'SOJOURN_API_KEY' : `profile ${profile}`})`],
      ],
      ctx.io.columns,
      ctx.io.paint.out,
    ),
  );
}
