import { expect, it } from 'vitest';
import { knownZone, localTime, stayDates } from './local-time.ts';

it.each([
  ['2027-04-26T14:00:00.000Z', 'Europe/Lisbon', 'Mon, Apr 26, 2027, 15:00'],
  // Seconds are not rounded up: a deadline is told too early rather than too late.
  ['2027-04-26T13:59:59.999Z', 'UTC', 'Mon, Apr 26, 2027, 13:59'],
  ['2027-12-31T23:30:00.000Z', 'Pacific/Apia', 'Sat, Jan 1, 2028, 12:30'],
  ['2027-01-01T00:00:00.000Z', 'America/New_York', 'Thu, Dec 31, 2026, 19:00'],
  ['2027-04-26T00:00:00.000Z', 'UTC', 'Mon, Apr 26, 2027, 00:00'],
  ['2027-04-26T14:00:00.000Z', 'Mars/Olympus', 'Mon, Apr 26, 2027, 14:00'],
])('%s in %s is %s', (instant, zone, text) => {
  expect(localTime(instant, zone)).toBe(text);
});

it('names the zone that the times are in', () => {
  expect(knownZone('Europe/Lisbon')).toBe('Europe/Lisbon');
  expect(knownZone('Mars/Olympus')).toBe('UTC');
});

it.each([
  ['2027-05-01', '2027-05-05', 'Sat, May 1 – Wed, May 5, 2027'],
  ['2027-12-30', '2028-01-02', 'Thu, Dec 30, 2027 – Sun, Jan 2, 2028'],
])('%s to %s is %s', (checkIn, checkOut, text) => {
  expect(stayDates(checkIn, checkOut)).toBe(text);
});
