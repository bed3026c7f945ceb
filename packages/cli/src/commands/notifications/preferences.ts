import type { NotificationPreference } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import type { Choice } from './choice.ts';

interface Options {
  set?: Choice[];
}

export async function run(ctx: CommandContext, _args: [], { set }: Options): Promise<void> {
  const { notificationPreferences } = await ctx.client();
  const options = { signal: ctx.signal };
  const preferences = set
    ? await notificationPreferences.update({ preferences: set }, options)
    : await notificationPreferences.get(options);
  if (ctx.json) return ctx.io.json(preferences);
  ctx.io.print(
    table(
      preferences.data,
      [
        { title: 'KIND', text: ({ kind }) => kind },
        { title: 'IN APP', text: ({ channels }) => state(channels.inApp) },
        { title: 'MAIL', text: ({ channels }) => state(channels.mail) },
        { title: 'WHEN', text: ({ summary }) => summary, flexible: true },
      ],
      ctx.io.columns,
      ctx.io.paint.out,
    ),
  );
  if (set) ctx.io.success('Your preferences are kept.');
}

const state = ({ enabled, changeable }: NotificationPreference['channels']['mail']) =>
  `${enabled ? 'on' : 'off'}${changeable ? '' : ' (always)'}`;
