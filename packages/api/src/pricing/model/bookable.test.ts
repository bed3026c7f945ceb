import { addDays } from '@sojourn/shared/nights';
import { describe, expect, test } from 'vitest';
import { NOW, stay, stayFacts } from '../../../test/stay-facts.ts';
import { alternatives } from './alternatives.ts';
import { reasonsAgainst } from './bookable.ts';
import type { DateSetting, SeasonRange, Stay, StayFacts, TakenNights } from './facts.ts';

const codes = (facts: StayFacts, asked: Stay = stay(), now = NOW) =>
  reasonsAgainst(facts, asked, now).map(({ code }) => code);

const setting = (from: string, to: string, changes: Partial<DateSetting>): DateSetting => ({
  from,
  to,
  price: null,
  minNights: null,
  maxNights: null,
  closedToArrival: null,
  closedToDeparture: null,
  ...changes,
});
const season = (changes: Partial<SeasonRange>): SeasonRange => ({
  from: '2027-05-01',
  to: '2027-06-01',
  price: null,
  weekendPrice: null,
  minNights: null,
  maxNights: null,
  ...changes,
});
const taken = (from: string, to: string, kind: TakenNights['kind'] = 'block', preparationNights = 0) => ({
  from,
  to,
  kind,
  preparationNights,
});

test('nothing speaks against a stay in a free home', () => {
  expect(codes(stayFacts())).toEqual([]);
});

describe('each rule by itself', () => {
  test.each([
    ['listing_not_published', { published: false }, {}],
    ['too_many_guests', { capacity: 1 }, {}],
    ['pets_not_allowed', { petsAllowed: false }, { pets: 1 }],
    ['non_refundable_not_offered', {}, { nonRefundable: true }],
    ['min_nights', { minNights: 5 }, {}],
    ['max_nights', { maxNights: 3 }, {}],
  ] as const)('%s', (code, listing, asked) => {
    expect(codes(stayFacts(listing), stay(asked))).toEqual([code]);
  });

  test.each([
    ['2027-05-01', '2027-05-03', []],
    ['2027-05-07', '2027-05-09', []],
    ['2027-05-06', '2027-05-07', ['nights_taken']],
    ['2027-05-01', '2027-06-01', ['nights_taken']],
  ] as const)('nights taken from %s to %s', (from, to, expected) => {
    for (const kind of ['hold', 'booking', 'block', 'feed'] as const)
      expect(codes(stayFacts({}, { taken: [taken(from, to, kind)] }))).toEqual(expected);
  });

  test.each([
    [
      'a stay before with its own nights of preparation',
      taken('2027-05-01', '2027-05-02', 'booking', 2),
      0,
      true,
    ],
    ['a stay before that is prepared in time', taken('2027-05-01', '2027-05-02', 'booking', 1), 0, false],
    ['a stay soon after', taken('2027-05-08', '2027-05-09', 'hold'), 2, true],
    ['a stay after preparation', taken('2027-05-09', '2027-05-10', 'hold'), 2, false],
    ['a block in the nights of preparation', taken('2027-05-07', '2027-05-10', 'block'), 2, false],
  ] as const)('preparation: %s', (_name, other, preparationNights, tooClose) => {
    expect(codes(stayFacts({ preparationNights }, { taken: [other] }))).toEqual(
      tooClose ? ['preparation'] : [],
    );
  });

  test('closed days count for arrival and departure only', () => {
    const closed = { closedToArrival: true, closedToDeparture: true };
    const facts = (from: string, to: string) => stayFacts({}, { settings: [setting(from, to, closed)] });
    expect(codes(facts('2027-05-03', '2027-05-04'))).toEqual(['closed_to_arrival']);
    expect(codes(facts('2027-05-07', '2027-05-08'))).toEqual(['closed_to_departure']);
    expect(codes(facts('2027-05-04', '2027-05-07'))).toEqual([]);
  });
});

test('of rules about length the most specific wins', () => {
  const listing = { minNights: 1, arrivalMinNights: { monday: 5 }, maxNights: 3 };
  expect(codes(stayFacts(listing))).toEqual(['min_nights', 'max_nights']);
  const seasons = [season({ minNights: 4, maxNights: 10 })];
  expect(codes(stayFacts(listing, { seasons }))).toEqual([]);
  const settings = [setting('2027-05-03', '2027-05-04', { minNights: 6, maxNights: 3 })];
  expect(codes(stayFacts(listing, { seasons, settings }))).toEqual(['min_nights', 'max_nights']);
});

describe('in time', () => {
  // In Lisbon check-in is at 15:00, which in May is 14:00 in UTC.
  const at = (text: string) => new Date(text);

  test.each([
    ['2027-05-03T14:00:00.000Z', 0, []],
    ['2027-05-03T14:00:00.001Z', 0, ['past']],
    ['2027-05-04T09:00:00.000Z', 0, ['past']],
    ['2027-05-01T14:00:00.000Z', 48, []],
    ['2027-05-01T14:00:00.001Z', 48, ['advance_notice']],
  ])('at %s, with %i hours of notice', (now, advanceNoticeHours, expected) => {
    expect(codes(stayFacts({ advanceNoticeHours }), stay(), at(now))).toEqual(expected);
  });

  test('the booking window is counted in the calendar of the listing', () => {
    // At this instant it is 2 March in Apia, and 1 March in Lisbon.
    const now = at('2027-03-01T12:00:00Z');
    const asked = (days: number) =>
      stay({ checkIn: addDays('2027-03-02', days - 1), checkOut: addDays('2027-03-02', days) });
    const facts = (timeZone: string) => stayFacts({ timeZone, bookingWindowDays: 30 });
    expect(codes(facts('Pacific/Apia'), asked(30), now)).toEqual([]);
    expect(codes(facts('Pacific/Apia'), asked(31), now)).toEqual(['beyond_booking_window']);
    expect(codes(facts('Europe/Lisbon'), asked(30), now)).toEqual(['beyond_booking_window']);
  });
});

test('all reasons are told at once', () => {
  const facts = stayFacts(
    { published: false, capacity: 1, petsAllowed: false, minNights: 5, bookingWindowDays: 1 },
    {
      taken: [taken('2027-05-03', '2027-05-04')],
      settings: [
        setting('2027-05-03', '2027-05-04', { closedToArrival: true }),
        setting('2027-05-07', '2027-05-08', { closedToDeparture: true }),
      ],
    },
  );
  expect(codes(facts, stay({ pets: 1, nonRefundable: true }))).toEqual([
    'listing_not_published',
    'beyond_booking_window',
    'too_many_guests',
    'pets_not_allowed',
    'nights_taken',
    'min_nights',
    'closed_to_arrival',
    'closed_to_departure',
    'non_refundable_not_offered',
  ]);
});

describe('alternatives', () => {
  const instead = (facts: StayFacts, asked = stay(), now = NOW) =>
    alternatives(facts, asked, reasonsAgainst(facts, asked, now), now).map(
      ({ checkIn, checkOut }) => `${checkIn}/${checkOut}`,
    );

  test('are the nearest of the same length, the earlier of two first', () => {
    const facts = stayFacts({}, { taken: [taken('2027-05-03', '2027-05-05')] });
    expect(instead(facts)).toEqual([
      '2027-05-05/2027-05-09',
      '2027-05-06/2027-05-10',
      '2027-04-29/2027-05-03',
    ]);
  });
  test('are the length that fits too, when only the length is wrong', () => {
    const facts = stayFacts({ arrivalMinNights: { monday: 7 } });
    expect(instead(facts)).toEqual([
      '2027-05-03/2027-05-10',
      '2027-05-02/2027-05-06',
      '2027-05-04/2027-05-08',
      '2027-05-01/2027-05-05',
    ]);
  });
  test('are of the nearest length that fits, when the length asked for fits nowhere', () => {
    const facts = stayFacts({ minNights: 6 }, { taken: [taken('2027-05-03', '2027-05-05')] });
    expect(instead(facts)).toEqual([
      '2027-05-05/2027-05-11',
      '2027-05-06/2027-05-12',
      '2027-05-07/2027-05-13',
    ]);
  });
  test('are at most 60 days away', () => {
    const facts = (to: string) => stayFacts({}, { taken: [taken('2027-01-01', to)] });
    expect(instead(facts('2027-07-02'))).toEqual(['2027-07-02/2027-07-06']);
    expect(instead(facts('2027-07-03'))).toEqual([]);
  });
  test('are none when other dates do not help', () => {
    expect(instead(stayFacts({ capacity: 1 }))).toEqual([]);
  });
  test('tell what each costs', () => {
    const facts = stayFacts({ weekendPrice: 20_000 }, { taken: [taken('2027-05-03', '2027-05-04')] });
    expect(alternatives(facts, stay(), reasonsAgainst(facts, stay(), NOW), NOW)[0]).toEqual({
      checkIn: '2027-05-04',
      checkOut: '2027-05-08',
      total: 57_100,
    });
  });
  test('are found quickly in a full calendar', () => {
    const full = Array.from({ length: 100 }, (_, index) => {
      const from = addDays('2027-02-01', index * 2);
      return taken(from, addDays(from, 1));
    });
    const started = performance.now();
    expect(instead(stayFacts({}, { taken: full }))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(100);
  });
});
