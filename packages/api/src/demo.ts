import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ListingDraft } from '@sojourn/shared/listing';
import type { Currency } from '@sojourn/shared/money';
import { AMENITIES, type PropertyType, type RoomType } from '@sojourn/shared/vocabulary';
import { scopesOf } from './identity/model.ts';
import { ensureApiKey } from './identity/service/ensure-api-key.ts';
import { ensureUser } from './identity/service/ensure-user.ts';
import { upsertListings } from './listings/service/upsert-listings.ts';
import type { Role } from './platform/actor.ts';
import { contextOfProcess, type Resources } from './platform/context.ts';

interface DemoAccount {
  email: string;
  password: string;
  apiKey: string;
}
/** What `sojourn login --dev` reads from the data folder. */
interface DevCredentials {
  url: string;
  admin: DemoAccount;
  host: DemoAccount;
  guest: DemoAccount;
}

/** Makes the sandbox's admin, host and guest, a few listings, and the file by which the CLI signs in as them. Repeatable. */
export async function seedDemo(resources: Resources, url: string): Promise<void> {
  const file = path.join(resources.config.dataDir, 'credentials.json');
  const kept = await readCredentials(file);
  const admin = await ensureAccount(resources, 'admin', kept?.admin);
  const host = await ensureAccount(resources, 'host', kept?.host);
  const guest = await ensureAccount(resources, 'guest', kept?.guest);
  const credentials: DevCredentials = {
    url,
    admin: admin.account,
    host: host.account,
    guest: guest.account,
  };
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
  const actor = {
    userId: host.id,
    role: 'user' as const,
    scopes: scopesOf('user'),
    sessionId: null,
    apiKeyId: null,
  };
  await upsertListings(contextOfProcess(resources, actor), { listings: demoListings(), publish: true });
}

async function readCredentials(file: string): Promise<Partial<DevCredentials> | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // None yet, or spoilt: new ones are made.
    return undefined;
  }
}

async function ensureAccount(
  resources: Resources,
  name: 'admin' | 'host' | 'guest',
  kept: DemoAccount | undefined,
): Promise<{ id: string; account: DemoAccount }> {
  const ctx = contextOfProcess(resources, null);
  const role: Role = name === 'admin' ? 'admin' : 'user';
  const email = `${name}@demo.example`;
  const password = kept?.password ?? randomBytes(15).toString('base64url');
  const { account } = await ensureUser(ctx, { email, password, displayName: `Demo ${name}`, role });
  const apiKey = await ensureApiKey(ctx, {
    userId: account.id,
    name: 'demo',
    scopes: [...scopesOf(role)],
    kept: kept?.apiKey,
  });
  return { id: account.id, account: { email, password, apiKey } };
}

interface DemoCity {
  city: string;
  region: string;
  country: string;
  timeZone: string;
  currency: Currency;
  /** Of an entire place for two, per night, in minor units. */
  price: number;
  latitude: number;
  longitude: number;
  neighbourhoods: readonly string[];
}

const CITIES: readonly DemoCity[] = [
  {
    city: 'Lisbon',
    region: 'Lisboa',
    country: 'PT',
    timeZone: 'Europe/Lisbon',
    currency: 'EUR',
    price: 9_500,
    latitude: 38.7139,
    longitude: -9.1394,
    neighbourhoods: ['Alfama', 'Graça', 'Estrela', 'Baixa'],
  },
  {
    city: 'New York',
    region: 'NY',
    country: 'US',
    timeZone: 'America/New_York',
    currency: 'USD',
    price: 18_000,
    latitude: 40.7527,
    longitude: -73.9772,
    neighbourhoods: ['Midtown', 'Murray Hill', 'Chelsea', 'Kips Bay'],
  },
  {
    city: 'Kyoto',
    region: 'Kyoto',
    country: 'JP',
    timeZone: 'Asia/Tokyo',
    currency: 'JPY',
    price: 16_000,
    latitude: 35.0116,
    longitude: 135.7681,
    neighbourhoods: ['Gion', 'Nishijin', 'Fushimi', 'Arashiyama'],
  },
];

const HOMES: readonly {
  title: string;
  propertyType: PropertyType;
  roomType: RoomType;
  capacity: number;
  bedrooms: number;
  factor: number;
}[] = [
  {
    title: 'Bright studio',
    propertyType: 'apartment',
    roomType: 'entirePlace',
    capacity: 2,
    bedrooms: 0,
    factor: 1,
  },
  {
    title: 'Two-bedroom flat',
    propertyType: 'apartment',
    roomType: 'entirePlace',
    capacity: 4,
    bedrooms: 2,
    factor: 1.6,
  },
  {
    title: 'Quiet room with desk',
    propertyType: 'house',
    roomType: 'privateRoom',
    capacity: 2,
    bedrooms: 1,
    factor: 0.5,
  },
  {
    title: 'Loft under the roof',
    propertyType: 'loft',
    roomType: 'entirePlace',
    capacity: 3,
    bedrooms: 1,
    factor: 1.3,
  },
];

/** Twelve homes in three cities: the same at every start, so that seeding again changes nothing. */
function demoListings(): ListingDraft[] {
  return CITIES.flatMap(
    ({ city, region, country, timeZone, currency, price, latitude, longitude, neighbourhoods }, cityIndex) =>
      HOMES.map(({ title, factor, ...home }, index) => ({
        ...home,
        externalId: `demo-${country.toLowerCase()}-${index + 1}`,
        title: `${title} in ${neighbourhoods[index]}`,
        description: `A ${title.toLowerCase()} in ${neighbourhoods[index]}, ${city}. Generated for the demo.`,
        beds: Math.max(1, home.bedrooms),
        bathrooms: home.roomType === 'privateRoom' ? 0.5 : 1,
        amenities: AMENITIES.filter(
          (_, bit) => bit === 0 || (bit * 7 + index * 3 + cityIndex) % 5 === 0,
        ).slice(0, 12),
        location: {
          latitude: latitude + (index - 1.5) * 0.006,
          longitude: longitude + ((index % 2) - 0.5) * 0.01,
          address: { neighbourhood: neighbourhoods[index], city, region, country },
        },
        timeZone,
        basePrice: { amount: Math.round((price * factor) / 100) * 100, currency },
        cleaningFee: { amount: Math.round((price * 0.3) / 100) * 100, currency },
        includedGuests: 2,
        minNights: 1 + (index % 3),
        maxNights: 90,
        cancellationPolicy: (['flexible', 'moderate', 'firm', 'moderate'] as const)[index]!,
        instantBook: index % 2 === 0,
        languages: ['en'],
        photos: [
          {
            url: `https://images.example.com/demo/${country.toLowerCase()}-${index + 1}.jpg`,
            caption: title,
          },
        ],
      })),
  );
}
