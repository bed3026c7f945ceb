import { type Command, Option } from '@commander-js/extra-typings';
import type { Start } from '../../start.ts';

export function addFeedsCommand(calendar: Command, start: Start): void {
  const feeds = calendar
    .command('feeds')
    .helpCommand(false)
    .description('Take in calendars of other channels (iCal)')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn calendar feeds add lst_01… --name Airbnb
  $ sojourn calendar feeds list lst_01…`,
    );
  const one = (verb: string, description: string) =>
    feeds
      .command(verb)
      .description(description)
      .argument('<listing>', 'such as lst_01…')
      .argument('<feed>', 'such as feed_01…');

  feeds
    .command('add')
    .description('Take in a calendar by its URL')
    .argument('<listing>', 'such as lst_01…')
    .argument('[url]', '- reads it from stdin; asked for when left out')
    .option('--name <name>', 'by which you tell your feeds apart')
    .addHelpText(
      'after',
      `
The URL is a secret: leave it out and type it when asked, or pipe it in.

Examples:
  $ sojourn calendar feeds add lst_01… --name Airbnb
  $ sojourn calendar feeds add lst_01… - --name Airbnb < url.txt`,
    )
    .action(start(() => import('./add.ts')));

  feeds
    .command('list')
    .description('List the feeds of a listing')
    .argument('<listing>', 'such as lst_01…')
    .action(start(() => import('./list.ts')));

  one('show', 'Show a feed, and whether it works').action(start(() => import('./show.ts')));
  one('sync', 'Fetch a feed now, and tell what came of it')
    .option('--accept-empty', 'it is suddenly empty, and that is true')
    .option('--no-wait', 'do not wait for it')
    .action(start(() => import('./sync.ts')));
  one('pause', 'Do not fetch a feed for now; its nights stay').action(start(() => import('./pause.ts')));
  one('resume', 'Fetch a paused feed again').action(start(() => import('./resume.ts')));
  one('conflicts', 'List stays of yours on nights that are taken there').action(
    start(() => import('./conflicts.ts')),
  );
  one('remove', 'Remove a feed')
    .addOption(
      new Option('--nights <choice>', 'free: sell its nights again; keep: block them').choices([
        'free',
        'keep',
      ] as const),
    )
    .action(start(() => import('./remove.ts')));
}
