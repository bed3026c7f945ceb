import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { addDays } from './nights.ts';
import { dateAt, instantAt } from './zone.ts';

const ZONES = [
  'Pacific/Apia',
  'Europe/London',
  'America/St_Johns',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'America/Havana',
  'UTC',
];

test.each(ZONES)('%s: dates and instants are those of Temporal, whenever', (timeZone) => {
  const days = fc.integer({ min: 0, max: 25_000 });
  const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
  fc.assert(
    fc.property(days, clock, (day, [hours, minutes]) => {
      const date = addDays('1975-01-01', day);
      const time = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
      const zoned = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone);
      expect(instantAt(date, time, timeZone).getTime()).toBe(zoned.epochMilliseconds);
      expect(dateAt(new Date(zoned.epochMilliseconds), timeZone)).toBe(zoned.toPlainDate().toString());
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['a spring night in London', 'Europe/London', '2027-03-28', '01:30', '2027-03-28T01:30:00.000Z'],
  ['an autumn night in London', 'Europe/London', '2027-10-31', '01:30', '2027-10-31T00:30:00.000Z'],
  ['a skipped day in Apia', 'Pacific/Apia', '2011-12-30', '15:00', '2011-12-31T01:00:00.000Z'],
  ['the day before it', 'Pacific/Apia', '2011-12-29', '15:00', '2011-12-30T01:00:00.000Z'],
  ['a spring night in St. Johns', 'America/St_Johns', '2027-03-14', '02:30', '2027-03-14T06:00:00.000Z'],
])('%s', (_name, timeZone, date, time, instant) => {
  expect(instantAt(date, time, timeZone).toISOString()).toBe(instant);
});

test('the date at an instant follows a clock change', () => {
  expect(dateAt(new Date('2027-10-31T00:59:59.999Z'), 'Atlantic/Azores')).toBe('2027-10-31');
  expect(dateAt(new Date('2027-10-30T23:59:59.999Z'), 'Atlantic/Azores')).toBe('2027-10-30');
  expect(dateAt(new Date('2011-12-30T09:59:59.999Z'), 'Pacific/Apia')).toBe('2011-12-29');
  expect(dateAt(new Date('2011-12-30T10:00:00.000Z'), 'Pacific/Apia')).toBe('2011-12-31');
});
