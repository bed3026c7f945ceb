import type { CommandContext } from '../../../command-context.ts';
import { usageError } from '../../../exit.ts';

type Nights = 'free' | 'keep';

export async function run(
  ctx: CommandContext,
  [listing, id]: [listing: string, id: string],
  options: { nights?: Nights },
): Promise<void> {
  const nights = options.nights ?? (await askNights(ctx));
  await ctx.confirm(
    nights === 'free'
      ? 'Remove the feed and sell its nights again?'
      : 'Remove the feed and block its nights?',
  );
  const { calendarFeeds } = await ctx.client();
  await calendarFeeds.remove(listing, id, { nights }, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json({ id, removed: true, nights });
  ctx.io.success(
    nights === 'free' ? `Removed ${id}; its nights are free.` : `Removed ${id}; its nights are blocked.`,
  );
}

async function askNights(ctx: CommandContext): Promise<Nights> {
  if (!ctx.interactive)
    throw usageError('What is to become of the nights that the feed takes?', [
      '--nights free   sells them again',
      '--nights keep   blocks them',
    ]);
  const { askChoice } = await import('../../../prompts.ts');
  return askChoice<Nights>(
    ctx.io,
    'What is to become of the nights that it takes?',
    [
      { value: 'keep', name: 'keep', description: 'They become blocks of yours.' },
      { value: 'free', name: 'free', description: 'They are sold again.' },
    ],
    ctx.signal,
  );
}
