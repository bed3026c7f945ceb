import { z } from 'zod';
import { ClockTime, HouseRules, Location, Photo } from './listing-parts.ts';
import { Money } from './money.ts';
import { WEEKDAYS, type Weekday } from './nights.ts';
import { line, paragraph } from './text.ts';
import {
  AMENITIES,
  CANCELLATION_POLICIES,
  LONG_STAY_POLICIES,
  PROPERTY_TYPES,
  ROOM_TYPES,
} from './vocabulary.ts';

/** What the platform allows at most. An importer clamps to these and says so; the API refuses what is beyond. */
export const LISTING_LIMITS = {
  titleLength: 200,
  descriptionLength: 10_000,
  capacity: 100,
  bedrooms: 100,
  beds: 200,
  bathrooms: 100,
  minNights: 365,
  maxNights: 1125,
  discountPercent: 90,
  earlyBirdDays: 730,
  lastMinuteDays: 60,
  advanceNoticeHours: 8_760,
  bookingWindowDays: 1_095,
  preparationNights: 30,
  photos: 50,
  tags: 100,
  tagLength: 80,
  externalIdLength: 100,
} as const;

const uniqueItems = (items: readonly string[]) => new Set(items).size === items.length;

const timeZones = new Map<string, boolean>();
/** Whether the name is an IANA time zone that this runtime knows, in its canonical spelling or an alias of it. */
export function isTimeZone(name: string): boolean {
  let known = timeZones.get(name);
  if (known === undefined) {
    try {
      // Offsets such as "+02:00" are accepted by Intl but are not zones: they know no daylight saving.
      known = /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
    } catch {
      known = false;
    }
    if (timeZones.size < 5_000) timeZones.set(name, known);
  }
  return known;
}

const arrivalNights = z.int().min(1).max(LISTING_LIMITS.minNights).optional();
const ArrivalMinNights = z
  .strictObject({
    monday: arrivalNights,
    tuesday: arrivalNights,
    wednesday: arrivalNights,
    thursday: arrivalNights,
    friday: arrivalNights,
    saturday: arrivalNights,
    sunday: arrivalNights,
  } satisfies Record<Weekday, typeof arrivalNights>)
  .meta({
    id: 'ArrivalMinNights',
    description:
      'The shortest stay by the weekday on which it begins; on days left out `minNights` holds. Seasons and dates may say otherwise.',
    examples: [{ friday: 3, saturday: 2 }],
  });

const discount = z.int().min(0).max(LISTING_LIMITS.discountPercent).default(0);
const discountOrNone = z.int().min(1).max(LISTING_LIMITS.discountPercent).nullable().default(null);

const fields = {
  externalId: line(LISTING_LIMITS.externalIdLength)
    .nullable()
    .default(null)
    .meta({
      description:
        "The host's own id, unique per host; the listing's own id unless given. Always text: ids above 2^53 survive to the digit.",
      examples: ['1279846646046615122'],
    }),
  title: line(LISTING_LIMITS.titleLength).meta({ examples: ['Sunny loft by the park'] }),
  description: paragraph(LISTING_LIMITS.descriptionLength).default(''),
  propertyType: z.enum(PROPERTY_TYPES).default('other'),
  roomType: z.enum(ROOM_TYPES),
  capacity: z
    .int()
    .min(1)
    .max(LISTING_LIMITS.capacity)
    .nullable()
    .default(null)
    .meta({ description: 'Guests at most.' }),
  bedrooms: z.int().min(0).max(LISTING_LIMITS.bedrooms).nullable().default(null),
  beds: z.int().min(0).max(LISTING_LIMITS.beds).nullable().default(null),
  bathrooms: z.number().min(0).max(LISTING_LIMITS.bathrooms).multipleOf(0.5).nullable().default(null),
  amenities: z
    .array(z.enum(AMENITIES))
    .max(AMENITIES.length)
    .refine(uniqueItems, 'must not repeat an amenity')
    .default([]),
  tags: z
    .array(line(LISTING_LIMITS.tagLength))
    .max(LISTING_LIMITS.tags)
    .refine(uniqueItems, 'must not repeat a tag')
    .default([])
    .meta({ description: "The host's own words beside the fixed amenities." }),
  houseRules: HouseRules.prefault({}),
  location: Location.nullable().default(null),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone such as "America/New_York"')
    .nullable()
    .default(null)
    .meta({ examples: ['America/New_York'] }),
  basePrice: Money.nullable().default(null).meta({
    description: 'Per night. Null while the host has not decided: such a draft cannot be published.',
  }),
  weekendPrice: Money.nullable()
    .default(null)
    .meta({ description: 'Per Friday and Saturday night; null means the base price.' }),
  cleaningFee: Money.nullable().default(null).meta({ description: 'Per stay.' }),
  extraGuestFee: Money.nullable()
    .default(null)
    .meta({ description: 'Per night and guest above `includedGuests`.' }),
  petFee: Money.nullable().default(null).meta({ description: 'Per stay.' }),
  includedGuests: z
    .int()
    .min(1)
    .max(LISTING_LIMITS.capacity)
    .nullable()
    .default(null)
    .meta({ description: 'Guests covered by the base price; null means all.' }),
  weeklyDiscountPercent: discount.meta({ description: 'Off the nights of stays of 7 nights and more.' }),
  monthlyDiscountPercent: discount.meta({
    description: 'Off the nights of stays of 28 nights and more, instead of the weekly discount.',
  }),
  earlyBirdDays: z.int().min(1).max(LISTING_LIMITS.earlyBirdDays).nullable().default(null).meta({
    description: 'Guests who book at least so many days before check-in get `earlyBirdPercent` off.',
  }),
  earlyBirdPercent: discountOrNone.meta({ description: 'Set together with `earlyBirdDays`, or not at all.' }),
  lastMinuteDays: z.int().min(0).max(LISTING_LIMITS.lastMinuteDays).nullable().default(null).meta({
    description: 'Guests who book at most so many days before check-in get `lastMinutePercent` off.',
  }),
  lastMinutePercent: discountOrNone.meta({
    description: 'Set together with `lastMinuteDays`, or not at all.',
  }),
  nonRefundableDiscountPercent: discountOrNone.meta({
    description: 'What guests save who give up refunds; null means that they have no such choice.',
  }),
  minNights: z.int().min(1).max(LISTING_LIMITS.minNights).default(1),
  maxNights: z.int().min(1).max(LISTING_LIMITS.maxNights).default(365),
  arrivalMinNights: ArrivalMinNights.prefault({}),
  advanceNoticeHours: z.int().min(0).max(LISTING_LIMITS.advanceNoticeHours).default(0).meta({
    description: 'How many hours before the check-in time a stay must be booked at the latest.',
  }),
  bookingWindowDays: z.int().min(1).max(LISTING_LIMITS.bookingWindowDays).default(730).meta({
    description: 'How many days ahead of today a stay may reach.',
  }),
  preparationNights: z.int().min(0).max(LISTING_LIMITS.preparationNights).default(0).meta({
    description: 'Nights after each stay in which nobody else can stay.',
  }),
  checkInFrom: ClockTime.default('15:00'),
  checkInUntil: ClockTime.nullable().default(null),
  checkOutBy: ClockTime.default('11:00'),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'must be a language such as "en" or "pt-BR"'))
    .max(30)
    .refine(uniqueItems, 'must not repeat a language')
    .default([]),
  licenceNumber: line(200).nullable().default(null),
  cancellationPolicy: z.enum(CANCELLATION_POLICIES).nullable().default(null),
  longStayPolicy: z.enum(LONG_STAY_POLICIES).default('firmLongTerm').meta({
    description: 'What guests get back of stays of 28 nights and more, instead of `cancellationPolicy`.',
  }),
  instantBook: z.boolean().default(false),
  photos: z.array(Photo).max(LISTING_LIMITS.photos).default([]),
};

const example = {
  externalId: 'loft-12',
  title: 'Sunny loft by the park',
  description: 'Two quiet rooms under the roof, five minutes from the lake.',
  propertyType: 'loft',
  roomType: 'entirePlace',
  capacity: 4,
  bedrooms: 2,
  beds: 3,
  bathrooms: 1.5,
  amenities: ['wifi', 'kitchen'],
  location: {
    latitude: 40.758,
    longitude: -73.9855,
    address: { line1: '20 W 34th St', city: 'New York', region: 'NY', postalCode: '10001', country: 'US' },
  },
  timeZone: 'America/New_York',
  basePrice: { amount: 12000, currency: 'USD' },
  cleaningFee: { amount: 4000, currency: 'USD' },
  weeklyDiscountPercent: 10,
  minNights: 2,
  maxNights: 30,
  arrivalMinNights: { friday: 3 },
  cancellationPolicy: 'moderate',
  instantBook: true,
  photos: [{ url: 'https://images.example.com/loft.jpg', caption: 'Living room' }],
};

const MONEY_FIELDS = ['basePrice', 'weekendPrice', 'cleaningFee', 'extraGuestFee', 'petFee'] as const;

/** Each of a pair means nothing without the other. */
const PAIRS = [
  ['earlyBirdDays', 'earlyBirdPercent'],
  ['lastMinuteDays', 'lastMinutePercent'],
] as const;

type CrossFields = Partial<z.infer<z.ZodObject<typeof fields>>>;

/** The rules between fields, each with the pointer of the field to mend. Pure: also run on a patched listing. */
export function crossFieldIssues(listing: CrossFields): { path: string[]; message: string }[] {
  const issues: { path: string[]; message: string }[] = [];
  const { minNights, maxNights, capacity, includedGuests } = listing;
  if (minNights != null && maxNights != null && minNights > maxNights)
    issues.push({ path: ['minNights'], message: `must not exceed maxNights (${maxNights})` });
  for (const day of WEEKDAYS) {
    const nights = listing.arrivalMinNights?.[day];
    if (nights != null && maxNights != null && nights > maxNights)
      issues.push({ path: ['arrivalMinNights', day], message: `must not exceed maxNights (${maxNights})` });
  }
  for (const [days, percent] of PAIRS) {
    if (listing[days] == null && listing[percent] != null)
      issues.push({ path: [days], message: `must be set, since ${percent} is` });
    if (listing[days] != null && listing[percent] == null)
      issues.push({ path: [percent], message: `must be set, since ${days} is` });
  }
  if (includedGuests != null && capacity != null && includedGuests > capacity)
    issues.push({ path: ['includedGuests'], message: `must not exceed capacity (${capacity})` });
  const currency = MONEY_FIELDS.map((field) => listing[field]?.currency).find(Boolean);
  for (const field of MONEY_FIELDS) {
    const money = listing[field];
    if (money && money.currency !== currency)
      issues.push({
        path: [field, 'currency'],
        message: `must be ${currency}, the currency of the listing's other prices`,
      });
  }
  return issues;
}

/** A listing as its host writes it: the body of create, a row of a batch, a row of an import. */
export const ListingInput = z
  .strictObject(fields)
  .superRefine((listing, ctx) => {
    for (const { path, message } of crossFieldIssues(listing))
      ctx.addIssue({ code: 'custom', path, message });
  })
  .meta({ id: 'ListingInput', description: 'A listing as its host writes it.', examples: [example] });
export type ListingInput = z.infer<typeof ListingInput>;
/** What a client may send: fields with a default may be left out. */
export type ListingDraft = z.input<typeof ListingInput>;

const withoutDefault = (schema: z.ZodType) =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? (schema.unwrap() as z.ZodType) : schema;

/** The fields of a listing that a host may change, each optional and without its default. */
export const ListingPatch = z
  .strictObject(
    Object.fromEntries(
      Object.entries(fields).map(([name, schema]) => [name, withoutDefault(schema).optional()]),
    ) as {
      [K in keyof typeof fields]: z.ZodOptional<z.ZodType<ListingInput[K], z.input<(typeof fields)[K]>>>;
    },
  )
  .meta({
    id: 'ListingPatch',
    description: 'The fields to change; what is left out stays as it is.',
    examples: [{ title: 'Sunny loft with a terrace', minNights: 3 }],
  });
export type ListingPatch = z.infer<typeof ListingPatch>;

/** Everything that still keeps a listing from being published. Empty when it may be. */
export function publishingGaps(listing: ListingInput, rules: { requirePhotos: boolean }) {
  const gaps: { pointer: string; code: string; message: string }[] = [];
  const need = (present: unknown, pointer: string, message: string) => {
    if (!present) gaps.push({ pointer, code: 'required_to_publish', message });
  };
  need(listing.description, '/description', 'A published listing needs a description.');
  need(listing.location, '/location', 'A published listing needs a location.');
  need(listing.timeZone, '/timeZone', 'A published listing needs a time zone.');
  need(listing.capacity, '/capacity', 'A published listing needs its capacity (number of guests).');
  need(listing.basePrice?.amount, '/basePrice', 'A published listing needs a base price above zero.');
  need(listing.cancellationPolicy, '/cancellationPolicy', 'A published listing needs a cancellation policy.');
  if (rules.requirePhotos)
    need(listing.photos.length > 0, '/photos', 'A published listing needs at least one photo.');
  return gaps;
}
