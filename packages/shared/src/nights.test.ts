import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  dateOfDay,
  datesBetween,
  dayOf,
  isDate,
  isWeekendNight,
  nightsBetween,
  weekdayOf,
} from './nights.ts';
import { dateAt, instantAt } from './zone.ts';

const day = fc.integer({ min: 0, max: 80_000 });

describe('a date', () => {
  test.each(['2027-02-29', '2027-13-01', '2027-1-1', '27-01-01', '2027-04-31', '', '2027-05-01T00:00'])(
    '%s is none',
    (text) => {
      expect(isDate(text)).toBe(false);
    },
  );

  test('is found again by its number, and moves by whole days', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -1_000, max: 1_000 }), (number, days) => {
        const date = dateOfDay(number);
        expect(dayOf(date)).toBe(number);
        expect(nightsBetween(date, addDays(date, days))).toBe(days);
        expect(datesBetween(date, addDays(date, Math.abs(days)))).toHaveLength(Math.abs(days));
      }),
    );
  });

  test('knows its weekday', () => {
    expect(weekdayOf('1970-01-01')).toBe(4);
    expect(weekdayOf('2026-11-28')).toBe(6);
    expect(weekdayOf('2026-11-30')).toBe(1);
    expect(['2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'].map(isWeekendNight)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('an instant', () => {
  test.each([
    ['2027-07-01', '15:00', 'Europe/London', '2027-07-01T14:00:00.000Z'],
    ['2027-03-28', '01:30', 'Europe/London', '2027-03-28T01:30:00.000Z'],
    ['2027-10-31', '01:30', 'Europe/London', '2027-10-31T00:30:00.000Z'],
    ['2027-01-01', '15:00', 'America/St_Johns', '2027-01-01T18:30:00.000Z'],
    ['2027-01-01', '15:00', 'Pacific/Apia', '2027-01-01T02:00:00.000Z'],
    ['2026-02-18', '15:00', 'Africa/Casablanca', '2026-02-18T15:00:00.000Z'],
    ['2026-02-10', '15:00', 'Africa/Casablanca', '2026-02-10T14:00:00.000Z'],
  ])('%s %s in %s is %s', (date, time, zone, instant) => {
    expect(instantAt(date, time, zone).toISOString()).toBe(instant);
  });

  test('of the afternoon has the date that it was made of, whatever the clocks do', () => {
    const zone = fc.constantFrom(
      'Pacific/Apia',
      'Europe/London',
      'America/St_Johns',
      'Africa/Casablanca',
      'Pacific/Kiritimati',
      'Asia/Kathmandu',
    );
    fc.assert(
      fc.property(fc.integer({ min: 16_500, max: 25_000 }), zone, (number, timeZone) => {
        const date = dateOfDay(number);
        expect(dateAt(instantAt(date, '15:00', timeZone), timeZone)).toBe(date);
      }),
      { numRuns: 2_000 },
    );
  });
});
