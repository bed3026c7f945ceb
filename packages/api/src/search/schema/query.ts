import { LISTING_LIMITS } from '@sojourn/shared/listing';
import { Currency, MAX_AMOUNT } from '@sojourn/shared/money';
import { isDate, LocalDate, nightsBetween } from '@sojourn/shared/nights';
import { line } from '@sojourn/shared/text';
import { AMENITIES, PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { pageQuery } from '../../platform/http/cursor.ts';
import type { Point } from '../model/grid.ts';
import { SORTS } from '../model/search.ts';

export const DEFAULT_RADIUS_KM = 10;
export const MAX_RADIUS_KM = 500;
const MAX_WORDS_LENGTH = 500;
const MAX_PLACE_PARTS = 5;
const PRICE_BOUND =
  'In minor units of `currency`: of the base price of a night, or with dates of the total of the stay, as a quote has it.';

// Values arrive as text, so every one is converted; and of what is converted, examples must be given by `override` to
// reach the document.
const documented = <T extends z.ZodType>(
  schema: T,
  description: string,
  example: unknown,
  more: object = {},
) => schema.meta({ description, override: { examples: [example], ...more } });

const number = <T extends z.ZodType>(schema: T) =>
  // `guests=` is no number; coercion alone would read it as zero.
  z.preprocess((value) => (value === '' ? Number.NaN : value), schema);
const between = (min: number, max: number) =>
  z.coerce.number('must be a number').min(min, `must be ${min} or more`).max(max, `must be ${max} or less`);
const whole = (min: number, max: number) =>
  number(
    between(min, max)
      .refine(Number.isInteger, 'must be a whole number')
      .meta({ override: { type: 'integer' } }),
  ).optional();
const flag = z
  .preprocess(
    (value) => (value === 'true' ? true : value === 'false' ? false : value),
    z.boolean('must be true or false'),
  )
  .optional();

/** Several values, separated by commas or with the parameter repeated. None at all is the same as leaving it out. */
const several = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .union([z.string(), z.array(z.string())], 'must be a list')
    .transform((given) => [
      ...new Set(
        [given]
          .flat()
          .flatMap((part) => part.split(','))
          .map((part) => part.trim()),
      ),
    ])
    .transform((parts) => parts.filter((part) => part !== ''))
    .pipe(
      z.array(
        z.enum(values, {
          error: ({ input }) => `${JSON.stringify(input)} is not one of ${values.join(', ')}`,
        }),
      ),
    )
    .transform((list) => (list.length > 0 ? list : undefined))
    .optional();
const listOf = (values: readonly string[]) => ({
  anyOf: [
    { type: 'array', items: { type: 'string', enum: values } },
    { type: 'string', description: 'Separated by commas.' },
  ],
});

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Decimal degrees, separated by commas; undefined when it is something else. */
function degreesOf(text: string, count: number): number[] | undefined {
  const parts = text.split(',').map((part) => part.trim());
  return parts.length === count && parts.every((part) => DECIMAL.test(part)) ? parts.map(Number) : undefined;
}

const BoundingBox = z
  .string()
  .max(200)
  .transform((text, ctx) => {
    const refuse = (message: string) => ctx.addIssue({ code: 'custom', message });
    const [west, south, east, north] = degreesOf(text, 4) ?? [];
    if (west === undefined || south === undefined || east === undefined || north === undefined) {
      refuse('must be four numbers: west,south,east,north');
      return z.NEVER;
    }
    if (Math.max(Math.abs(west), Math.abs(east)) > 180)
      refuse('must have its west and east between -180 and 180');
    if (Math.max(Math.abs(south), Math.abs(north)) > 90)
      refuse('must have its south and north between -90 and 90');
    if (south > north) refuse('must have its south below its north');
    return { west, south, east, north };
  });

const Near = z
  .string()
  .max(100)
  .transform((text, ctx): Point => {
    const refuse = (message: string) => ctx.addIssue({ code: 'custom', message });
    const [latitude, longitude] = degreesOf(text, 2) ?? [];
    if (latitude === undefined || longitude === undefined) {
      refuse('must be two numbers: latitude,longitude');
      return z.NEVER;
    }
    if (Math.abs(latitude) > 90) refuse('must have a latitude between -90 and 90');
    if (Math.abs(longitude) > 180) refuse('must have a longitude between -180 and 180');
    return { latitude, longitude };
  });

/**
 * Words as guests type them: anything goes. What no text can hold becomes a space, and so does a hyphen within a word,
 * which divides words in the index too; before a word it leaves that out.
 */
const Words = z
  .string()
  .max(MAX_WORDS_LENGTH)
  .transform(
    (text) =>
      text
        .toWellFormed()
        .normalize('NFKC')
        .replaceAll(/\p{Cc}+|(?<=\S)-/gu, ' ')
        .trim() || undefined,
  );

export const SearchQuery = z
  .strictObject({
    bbox: documented(
      BoundingBox.optional(),
      'Within a box: west,south,east,north in decimal degrees. It crosses the date line when west is greater than east.',
      '-74.02,40.70,-73.93,40.80',
    ),
    near: documented(
      Near.optional(),
      'Around a point: latitude,longitude in decimal degrees. Each result then has its `distanceKm`.',
      '40.7580,-73.9855',
    ),
    radiusKm: documented(
      number(between(0.1, MAX_RADIUS_KM)).optional(),
      `With \`near\`: kilometres along the great circle, ${DEFAULT_RADIUS_KM} unless told.`,
      2,
    ),
    place: documented(
      line(200)
        .refine(
          (text) => text.split(',').length <= MAX_PLACE_PARTS,
          `must not have more than ${MAX_PLACE_PARTS} parts`,
        )
        .optional(),
      'In a neighbourhood, city, region or country, by its whole name in any spelling of case and accents, and what it lies in behind a comma.',
      'Brooklyn, NY',
    ),
    checkIn: LocalDate.optional().meta({
      description:
        'The first night, with `checkOut`: only what can be booked for these dates, of which each result then has its `stay`.',
      examples: ['2027-05-01'],
    }),
    checkOut: LocalDate.optional().meta({
      description: 'The day of leaving, which is no night.',
      examples: ['2027-05-05'],
    }),
    guests: documented(
      whole(1, LISTING_LIMITS.capacity),
      'Room for at least so many; with dates, the price is for so many, for one unless told.',
      2,
    ),
    bedrooms: documented(whole(0, LISTING_LIMITS.bedrooms), 'At least so many.', 1),
    beds: documented(whole(0, LISTING_LIMITS.beds), 'At least so many.', 2),
    bathrooms: documented(number(between(0, LISTING_LIMITS.bathrooms)).optional(), 'At least so many.', 1.5),
    minPrice: documented(whole(0, MAX_AMOUNT), PRICE_BOUND, 5000),
    maxPrice: documented(whole(0, MAX_AMOUNT), PRICE_BOUND, 20000),
    currency: Currency.optional().meta({
      description:
        "Of `minPrice`, `maxPrice`, `sort=price` and the price facet, which leave only listings with prices in it; the marketplace's own unless told.",
    }),
    roomType: documented(
      several(ROOM_TYPES),
      'One of these.',
      ['entirePlace', 'privateRoom'],
      listOf(ROOM_TYPES),
    ),
    propertyType: documented(several(PROPERTY_TYPES), 'One of these.', ['loft'], listOf(PROPERTY_TYPES)),
    amenities: documented(several(AMENITIES), 'All of these.', ['wifi', 'kitchen'], listOf(AMENITIES)),
    instantBook: documented(flag, '`true`: only what can be booked without asking the host.', true),
    q: documented(
      Words.optional(),
      'Words that all occur in title, description, tags or place, whatever their case and accents. "In quotes" as a phrase, `-word` to leave out, `or` for either.',
      'loft -basement',
    ),
    sort: z.enum(SORTS).default('relevance').meta({
      description:
        'Best match first (`relevance`: with `q` by how well the words fit, title first; then by rating, in which few reviews weigh little), cheapest first (`price`; with dates by the total of the stay), best rated first (`rating`), nearest first (`distance`, only with `near`).',
    }),
    facets: documented(flag, '`true`: count what each filter would leave.', true),
    ...pageQuery,
  })
  .superRefine(
    (query, ctx) => {
      const refuse = (name: string, message: string) =>
        ctx.addIssue({ code: 'custom', path: [name], message });
      const where = (['bbox', 'near', 'place'] as const).filter((name) => query[name] !== undefined);
      for (const name of where.slice(1))
        refuse(name, `cannot be combined with ${where[0]}: say where in one way`);
      if (query.radiusKm !== undefined && query.near === undefined) refuse('radiusKm', 'needs near');
      if (query.sort === 'distance' && query.near === undefined)
        refuse('sort', 'cannot be distance without near');
      if (query.minPrice !== undefined && query.maxPrice !== undefined && query.minPrice > query.maxPrice)
        refuse('minPrice', 'must not exceed maxPrice');
      refuseStay(query, refuse);
    },
    // Contradictions are told together with wrong values, not after they are mended.
    { when: () => true },
  );
export type SearchQuery = z.infer<typeof SearchQuery>;

/** Wrong values of single members are told already. */
function refuseStay(
  { checkIn, checkOut }: { checkIn?: unknown; checkOut?: unknown },
  refuse: (name: string, message: string) => void,
): void {
  if (checkIn !== undefined && checkOut === undefined) refuse('checkIn', 'needs checkOut');
  if (checkOut !== undefined && checkIn === undefined) refuse('checkOut', 'needs checkIn');
  if (typeof checkIn !== 'string' || typeof checkOut !== 'string' || !isDate(checkIn) || !isDate(checkOut))
    return;
  const nights = nightsBetween(checkIn, checkOut);
  if (nights < 1) refuse('checkOut', 'must be after checkIn');
  if (nights > LISTING_LIMITS.maxNights)
    refuse('checkOut', `must be at most ${LISTING_LIMITS.maxNights} nights after checkIn`);
}
