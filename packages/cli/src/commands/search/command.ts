import { type Command, Option } from '@commander-js/extra-typings';
import { PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { box, date, decimal, list, oneOf, point, whole } from '../../flags.ts';
import type { Start } from '../start.ts';

export function addSearchCommand(program: Command, start: Start): void {
  program
    .command('search')
    .description('Find published listings')
    .optionsGroup('Where:')
    .addOption(new Option('--near <lat,lng>', 'around a point').argParser(point).conflicts(['bbox', 'place']))
    .option('--radius-km <km>', 'with --near: how far (10 unless said)', decimal(0.1, 500))
    .addOption(new Option('--bbox <w,s,e,n>', 'within a box of degrees').argParser(box).conflicts('place'))
    .option('--place <name>', 'in a neighbourhood, city, region or country: "Brooklyn, NY"')
    .optionsGroup('When:')
    .option('--check-in <date>', 'only what can be booked from this day: 2027-05-01', date)
    .option('--check-out <date>', 'to this day of departure', date)
    .optionsGroup('What:')
    .option('--guests <n>', 'room for at least so many', whole(1, 100))
    .option('--bedrooms <n>', 'at least so many', whole(0, 100))
    .option('--beds <n>', 'at least so many', whole(0, 200))
    .option('--bathrooms <n>', 'at least so many', decimal(0, 100))
    .option('--min-price <amount>', 'per night, or with dates of the whole stay: 80 or 79.50')
    .option('--max-price <amount>', 'the same, at most')
    .option('--currency <code>', 'of the prices (USD unless said)')
    .option('--room-type <room-types>', `any of ${ROOM_TYPES.join(', ')}`, oneOf(ROOM_TYPES))
    .option('--property-type <property-types>', 'any of these: house,loft,villa', oneOf(PROPERTY_TYPES))
    .option('--amenities <list>', 'all of these: wifi,kitchen', list)
    .option('--instant-book', 'bookable without asking the host')
    .option('--q <words>', 'words in title, description, tags and place')
    .optionsGroup('Page:')
    .addOption(
      new Option('--sort <order>', 'how to order').choices([
        'relevance',
        'price',
        'rating',
        'distance',
      ] as const),
    )
    .option('--limit <n>', 'listings a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .option('--facets', 'count what each filter would leave as well')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn search --near 40.7580,-73.9855 --radius-km 2 --max-price 200 \\
      --sort price
  $ sojourn search --place Brooklyn --check-in 2027-05-01 \\
      --check-out 2027-05-05 --guests 2 --max-price 800 --sort price
  $ sojourn search --place Brooklyn --guests 4 --amenities wifi,kitchen --facets
  $ sojourn search --place Albany --json | jq -r '.data[].id'`,
    )
    .action(start(() => import('./search.ts')));
}
