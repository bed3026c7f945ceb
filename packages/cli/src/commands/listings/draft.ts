import { CliError, usageError } from '../../exit.ts';
import type { Io } from '../../io.ts';
import { readJson } from '../json-file.ts';
import { toCurrency, toMoney } from '../money.ts';
import type { ListingFlags } from './fields.ts';

/** Fields of a listing as JSON, on their way to the server, which checks them all. */
export type Draft = Record<string, unknown>;

/** What of the present listing a change by flags builds upon: a price needs its currency, a new city its point. */
interface Present {
  location?: object | null;
  currency?: string | undefined;
}

const ADDRESS = ['line1', 'neighbourhood', 'city', 'region', 'postalCode', 'country'] as const;
const MONEY = {
  price: ['basePrice', '--price'],
  weekendPrice: ['weekendPrice', '--weekend-price'],
  cleaningFee: ['cleaningFee', '--cleaning-fee'],
  extraGuestFee: ['extraGuestFee', '--extra-guest-fee'],
  petFee: ['petFee', '--pet-fee'],
} as const;

const given = <K extends keyof ListingFlags>(flags: ListingFlags, names: readonly K[]) =>
  names.filter((name) => flags[name] !== undefined);

/** Whether the flags say only part of something: then an update has to look at the listing as it is. */
export const needsPresent = (flags: ListingFlags): boolean => {
  const money = given(flags, Object.keys(MONEY) as (keyof typeof MONEY)[]);
  return given(flags, [...ADDRESS, 'point']).length > 0 || (money.length > 0 && flags.currency === undefined);
};

/** The fields that `--file` and the flags come to. Flags win over the file. */
export async function readDraft(io: Io, flags: ListingFlags, present: Present = {}): Promise<Draft> {
  const fromFile = flags.file === undefined ? {} : await readJsonObject(io, flags.file);
  const draft = { ...fromFile, ...fieldsOf(flags, { ...present, ...presentIn(fromFile) }) };
  if (Object.keys(draft).length === 0)
    throw usageError('There is nothing to write: give fields as flags, or --file.');
  return draft;
}

async function readJsonObject(io: Io, file: string): Promise<Draft> {
  const source = file === '-' ? 'stdin' : file;
  const value = await readJson(io, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliError(`${source} must hold one JSON object, the fields of a listing.`, {
      next: ['Many listings at once: sojourn listings import FILE'],
    });
  return value as Draft;
}

/** What the file itself says goes before what the listing has now. */
function presentIn({ location, basePrice }: Draft): Present {
  const currency = (basePrice as { currency?: unknown } | null | undefined)?.currency;
  return {
    ...(typeof location === 'object' && { location }),
    ...(typeof currency === 'string' && { currency }),
  };
}

function fieldsOf(flags: ListingFlags, present: Present): Draft {
  const { file: _file, point, currency, photo, price: _price, nonRefundablePercent, ...rest } = flags;
  const draft: Draft = { ...rest };
  for (const name of [...ADDRESS, ...Object.keys(MONEY)]) delete draft[name];
  if (photo) draft.photos = photo.map((url) => ({ url }));
  if (nonRefundablePercent !== undefined) draft.nonRefundableDiscountPercent = nonRefundablePercent;
  const location = locationOf(flags, present.location);
  if (location) draft.location = location;
  for (const [name, [field, flag]] of Object.entries(MONEY)) {
    const text = flags[name as keyof typeof MONEY];
    if (text === undefined) continue;
    const code = currency ?? present.currency;
    if (code === undefined) throw usageError(`${flag} needs a currency.`, '--currency USD');
    draft[field] = toMoney(text, flag, toCurrency(code));
  }
  if (currency !== undefined && given(flags, Object.keys(MONEY) as (keyof typeof MONEY)[]).length === 0)
    throw usageError('--currency belongs to an amount: give --price or another one as well.');
  return draft;
}

function locationOf(flags: ListingFlags, present: Present['location']): object | undefined {
  const named = given(flags, ADDRESS);
  if (flags.point === undefined && named.length === 0) return undefined;
  const before = present as { latitude?: number; longitude?: number; address?: object } | null | undefined;
  const [latitude, longitude] = flags.point?.split(',').map(Number) ?? [before?.latitude, before?.longitude];
  if (latitude === undefined || longitude === undefined)
    throw usageError(
      'An address needs its point on the map as well.',
      '--point LATITUDE,LONGITUDE, such as --point 40.758,-73.9855',
    );
  return {
    latitude,
    longitude,
    address: { ...before?.address, ...Object.fromEntries(named.map((name) => [name, flags[name]])) },
  };
}
