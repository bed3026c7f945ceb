import type { PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import type { CommandContext } from '../../command-context.ts';
import { usageError } from '../../exit.ts';
import { price } from '../../price.ts';
import { count, table, words } from '../../render.ts';
import { toCurrency, toMoney } from '../money.ts';
import { commandLine, showList } from '../paging.ts';
import { drawFacets } from './facets.ts';
import type { Stay } from './page.ts';

interface Options {
  near?: string;
  radiusKm?: number;
  bbox?: string;
  place?: string;
  checkIn?: string;
  checkOut?: string;
  guests?: number;
  bedrooms?: number;
  beds?: number;
  bathrooms?: number;
  minPrice?: string;
  maxPrice?: string;
  currency?: string;
  roomType?: (typeof ROOM_TYPES)[number][];
  propertyType?: (typeof PROPERTY_TYPES)[number][];
  amenities?: string[];
  instantBook?: true;
  q?: string;
  sort?: 'relevance' | 'price' | 'rating' | 'distance';
  limit?: number;
  cursor?: string;
  all?: true;
  facets?: true;
}

export async function run(ctx: CommandContext, _args: [], { all, ...options }: Options): Promise<void> {
  checkDates(options);
  const query = { ...toQuery(options), ...(all && { limit: 100 }) };
  const { search } = await ctx.client();
  const { io } = ctx;
  const paint = io.paint.out;
  const withDates = options.checkIn !== undefined;
  let shown = 0;
  let example: string | undefined;
  await showList(ctx, search.list(query, { signal: ctx.signal }), {
    all: all ?? false,
    draw: ({ data, total, facets }, first) => {
      shown += data.length;
      example ??= data[0]?.id;
      const rows = table(data, columns(paint, withDates), io.columns, paint);
      if (!first) return rows;
      const found = paint.dim(`${total.capped ? 'More than ' : ''}${count(total.count, 'stay')} found`);
      return [
        found,
        ...(facets ? ['', drawFacets(facets, withDates, io.columns, paint)] : []),
        '',
        rows,
      ].join('\n');
    },
  });
  if (ctx.json) return;
  if (example !== undefined && withDates) io.hint(quoteCommand(example, options));
  if (shown === 0)
    io.say(
      comparesPrices(options) && !options.currency
        ? 'No stays with a price in USD found. Prices are compared in one currency: try --currency EUR, say.'
        : `No stays found. Try ${withDates ? 'other dates, ' : ''}a wider radius, a higher price or fewer amenities.`,
    );
}

const quoteCommand = (listingId: string, { checkIn, checkOut, guests }: Options) =>
  commandLine([
    ...['quote', listingId, '--check-in', `${checkIn}`, '--check-out', `${checkOut}`],
    ...(guests === undefined ? [] : ['--guests', String(guests)]),
  ]);

function checkDates({ checkIn, checkOut }: Options): void {
  if ((checkIn === undefined) !== (checkOut === undefined))
    throw usageError('A stay has two dates.', '--check-in 2027-05-01 --check-out 2027-05-05');
}

const comparesPrices = ({ minPrice, maxPrice, sort }: Options) =>
  minPrice !== undefined || maxPrice !== undefined || sort === 'price';

/** Prices are typed in whole units of a currency, and sent in its minor units. */
function toQuery({ minPrice, maxPrice, currency: chosen, amenities, ...rest }: Options) {
  const currency = toCurrency(chosen ?? 'USD');
  return {
    ...rest,
    ...(amenities && { amenities: amenities.join(',') }),
    ...(minPrice !== undefined && { minPrice: toMoney(minPrice, '--min-price', currency).amount }),
    ...(maxPrice !== undefined && { maxPrice: toMoney(maxPrice, '--max-price', currency).amount }),
    ...((chosen ?? minPrice ?? maxPrice) !== undefined && { currency }),
  };
}

const columns = (paint: CommandContext['io']['paint']['out'], withDates: boolean) => [
  { title: 'TITLE', text: (stay: Stay) => stay.title, flexible: true as const },
  {
    title: 'PLACE',
    text: ({ location }: Stay) => location.neighbourhood ?? location.city ?? '',
    dropFirst: 5,
  },
  { title: 'TYPE', text: ({ roomType }: Stay) => words(roomType), dropFirst: 3 },
  {
    title: 'GUESTS',
    text: ({ capacity }: Stay) => String(capacity ?? ''),
    align: 'right' as const,
    dropFirst: 4,
  },
  {
    title: withDates ? 'TOTAL' : 'PRICE',
    text: ({ basePrice, stay }: Stay) => price(withDates ? stay?.total : basePrice),
    align: 'right' as const,
    style: (cell: string) => paint.green(cell),
  },
  {
    title: 'KM',
    text: ({ distanceKm }: Stay) => distanceKm?.toFixed(1) ?? '',
    align: 'right' as const,
    dropFirst: 1,
  },
  {
    title: 'RATING',
    text: ({ rating }: Stay) => rating?.toFixed(2) ?? '',
    align: 'right' as const,
    dropFirst: 2,
  },
  { title: 'ID', text: ({ id }: Stay) => id, style: (cell: string) => paint.dim(cell) },
];
