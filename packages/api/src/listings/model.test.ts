import { ListingInput } from '@sojourn/shared/listing';
import { LISTING_STATUSES, type ListingStatus } from '@sojourn/shared/vocabulary';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contentHash,
  DELETABLE,
  isPublic,
  type KnownListing,
  planImport,
  publicPoint,
  TRANSITIONS,
} from './model.ts';

const complete = ListingInput.parse({
  title: 'Sunny loft',
  roomType: 'entirePlace',
  description: 'Two quiet rooms.',
  capacity: 4,
  location: { latitude: 40.758, longitude: -73.9855 },
  timeZone: 'America/New_York',
  basePrice: { amount: 12_000, currency: 'USD' },
  cancellationPolicy: 'moderate',
});
const incomplete = { ...complete, basePrice: null };

describe('the states of a listing', () => {
  const possible = [
    'draft → published',
    'draft → archived',
    'published → paused',
    'published → archived',
    'paused → published',
    'paused → archived',
    'suspended → archived',
  ];
  test.each(LISTING_STATUSES.flatMap((from) => LISTING_STATUSES.map((to) => [from, to] as const)))(
    '%s → %s',
    (from, to) => expect(TRANSITIONS[from].includes(to)).toBe(possible.includes(`${from} → ${to}`)),
  );

  test('guests read what is published or paused', () => {
    expect(LISTING_STATUSES.filter(isPublic)).toEqual(['published', 'paused']);
  });

  test('only what nobody can depend on is deleted', () => {
    expect(DELETABLE.filter(isPublic)).toEqual([]);
  });
});

describe('the public point', () => {
  test('has three decimals and lies within half a step of the exact one', () => {
    const degrees = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (latitude, longitude) => {
        const point = publicPoint({ latitude, longitude });
        for (const [exact, rounded] of [
          [latitude, point.latitude],
          [longitude, point.longitude],
        ] as const) {
          expect(Math.abs(exact - rounded)).toBeLessThanOrEqual(0.000_500_001);
          expect(Number(rounded.toFixed(3))).toBe(rounded);
        }
      }),
    );
  });

  test.each([
    [40.7585, 40.759],
    [-73.9855, -73.985],
    [89.9996, 90],
    [-179.9999, -180],
    [0, 0],
  ])('%d is shown as %d', (exact, shown) => {
    expect(publicPoint({ latitude: exact, longitude: 0 }).latitude).toBe(shown);
  });
});

describe('the fingerprint of the content', () => {
  test('does not depend on the order in which members come, nor on defaults being spelled out', () => {
    const given = {
      title: ' Sunny loft ',
      roomType: 'entirePlace',
      location: { latitude: 1, longitude: 2, address: { city: 'Albany', country: 'US' } },
      photos: [{ url: 'https://images.example.com/a.jpg', caption: 'Bed' }],
    };
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([name, member]) => [name, reversed(member)]),
            )
          : value;
    const listing = ListingInput.parse(given);
    expect(contentHash(ListingInput.parse(reversed(given)))).toEqual(contentHash(listing));
    expect(contentHash(ListingInput.parse(reversed(listing)))).toEqual(contentHash(listing));
  });

  test('is for a listing at the defaults of fields that came later what it was before they came', () => {
    expect(contentHash(complete).toString('hex')).toBe(
      '481c290e3865d001ff4b1bb02c8de0fb222bc905b48542b4bf09bbe26c08c5bb',
    );
  });

  test.each(Object.keys(complete) as (keyof ListingInput)[])('notices a change of %s', (field) => {
    expect(contentHash({ ...complete, [field]: 'something else' })).not.toEqual(contentHash(complete));
  });
});

describe('the plan for a row of an import', () => {
  const row = (content: ListingInput) => ({ content, contentHash: contentHash(content) });
  const known = (status: ListingStatus, content: ListingInput): KnownListing => ({
    id: '0198c0de-5a1e-7000-8000-000000000000',
    status,
    version: 3,
    contentHash: contentHash(content),
  });
  const plan = (
    content: ListingInput,
    before: KnownListing | undefined,
    publish = false,
    requirePhotos = false,
  ) => {
    const { outcome, status, errors, gaps } = planImport(row(content), before, { publish, requirePhotos });
    return {
      outcome,
      status,
      errors: errors.map(({ pointer }) => pointer),
      gaps: gaps.map(({ pointer, code }) => pointer || code),
    };
  };
  const expected = (
    outcome: string,
    status: string,
    { errors = [], gaps = [] }: { errors?: string[]; gaps?: string[] } = {},
  ) => ({
    outcome,
    status,
    errors,
    gaps,
  });

  test('something new is a draft, published when that is asked and nothing lacks', () => {
    expect(plan(complete, undefined)).toEqual(expected('created', 'draft'));
    expect(plan(complete, undefined, true)).toEqual(expected('created', 'published'));
    expect(plan(incomplete, undefined, true)).toEqual(expected('created', 'draft', { gaps: ['/basePrice'] }));
    expect(plan(complete, undefined, true, true)).toEqual(
      expected('created', 'draft', { gaps: ['/photos'] }),
    );
  });

  const changed = { ...complete, title: 'Sunny loft with a terrace' };
  test.each([
    ['draft', false, 'draft'],
    ['draft', true, 'published'],
    ['published', false, 'published'],
    ['published', true, 'published'],
    ['paused', false, 'paused'],
    ['paused', true, 'paused'],
    ['archived', false, 'archived'],
    ['archived', true, 'archived'],
    ['suspended', false, 'suspended'],
    ['suspended', true, 'suspended'],
  ] as const)('a %s listing that differs (publish: %s) is updated and then %s', (before, publish, after) => {
    const gaps = publish && after !== 'published' ? [`stays_${after}`] : [];
    expect(plan(changed, known(before, complete), publish)).toEqual(expected('updated', after, { gaps }));
    const sameOutcome = before === after ? 'unchanged' : 'updated';
    expect(plan(complete, known(before, complete), publish)).toEqual(expected(sameOutcome, after, { gaps }));
  });

  test('what would take from a published listing what it must have fails, even when publishing is not asked', () => {
    for (const publish of [false, true])
      expect(plan(incomplete, known('published', complete), publish)).toEqual(
        expected('failed', 'published', { errors: ['/basePrice'] }),
      );
    expect(plan(incomplete, known('paused', complete))).toEqual(expected('updated', 'paused'));
  });

  test('a listing that was published before photos were asked for may stay as it is', () => {
    expect(plan(complete, known('published', complete), true, true)).toEqual(
      expected('unchanged', 'published'),
    );
  });
});
