import type { CommandContext } from '../../command-context.ts';
import { forgetProfile } from '../account/revoke.ts';

export async function run(ctx: CommandContext, [name]: [name: string]): Promise<void> {
  await ctx.confirm(`Forget profile ${name} and its key?`);
  const forgotten = await forgetProfile(ctx, name);
  if (ctx.json) return ctx.io.json(forgotten);
  ctx.io.success(`Profile ${name} is forgotten: ${forgotten.url}`);
}
