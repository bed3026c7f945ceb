import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { datesBetween } from '@sojourn/shared/nights';
import { describe, expect, test } from 'vitest';
import { CalendarRefused } from './calendar-text.ts';
import { readCalendar } from './read-calendar.ts';

const data = path.join(import.meta.dirname, '../../../../../../shared/data');
const read = (file: string) => readFileSync(path.join(data, file), 'utf8');
const WIDE = { from: '1990-01-01', to: '2060-01-01', timeZone: 'Europe/Paris' };

const nightsOf = (text: string, window = WIDE) =>
  [
    ...new Set(
      readCalendar(text, window).events.flatMap(({ nights }) => datesBetween(nights.from, nights.to)),
    ),
  ].sort();

interface Profile {
  distinct_nights_blocked: number;
  first_night: string | null;
  last_night: string | null;
  events: number;
  events_with_end_not_after_start_or_unreadable: number;
}
const profiles = JSON.parse(read('profile.json')) as Record<string, Profile>;
const feeds = Object.entries(profiles).filter(([file]) => file.startsWith('ical/channel-feeds/'));

describe('calendars that channels exported', () => {
  test.each(feeds)('%s', (file, profile) => {
    const { events, warnings } = readCalendar(read(file), WIDE);
    const nights = nightsOf(read(file));
    expect(nights).toHaveLength(profile.distinct_nights_blocked);
    expect(nights.at(0) ?? null).toBe(profile.first_night);
    expect(nights.at(-1) ?? null).toBe(profile.last_night);
    expect(events).toHaveLength(profile.events - profile.events_with_end_not_after_start_or_unreadable);
    expect(warnings).toHaveLength(profile.events_with_end_not_after_start_or_unreadable);
    expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  });
});

const conformance = readdirSync(path.join(data, 'ical/conformance'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ics'))
  .sort();

/** What is read of a calendar that is fetched today. */
const TODAY = { from: '2026-11-27', to: '2028-11-29', timeZone: 'America/New_York' };

describe('conformance calendars', () => {
  test.each(conformance)('%s is read or refused with a reason, at once', (file) => {
    const text = read(`ical/conformance/${file}`);
    const started = performance.now();
    try {
      for (const warning of readCalendar(text, TODAY).warnings)
        expect(warning).toEqual({
          code: expect.stringMatching(/^[a-z_]+$/),
          detail: expect.stringMatching(/^\P{Cc}{10,300}$/u),
          uid: warning.uid,
        });
    } catch (error) {
      if (!(error instanceof CalendarRefused)) throw error;
      expect(error.message).toMatch(/^\P{Cc}{10,300}$/u);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(() => nightsOf(text)).not.toThrow(expect.not.objectContaining({ name: 'CalendarRefused' }));
  });
});

const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:a@example.com', ...lines, 'END:VEVENT'];
const one = (...lines: string[]) => calendar(...event(...lines));
const at = (timeZone: string) => ({ ...WIDE, timeZone });
const rangesOf = (text: string, window = WIDE) =>
  readCalendar(text, window).events.map(({ nights }) => `${nights.from} ${nights.to}`);
const codesOf = (text: string, window = WIDE) => readCalendar(text, window).warnings.map(({ code }) => code);

describe('the nights of an event', () => {
  test.each<[string, string[], string, string?]>([
    [
      'end before DTEND',
      ['DTSTART;VALUE=DATE:20270501', 'DTEND;VALUE=DATE:20270504'],
      '2027-05-01 2027-05-04',
    ],
    ['are dates without VALUE too', ['DTSTART:20270501', 'DTEND:20270504'], '2027-05-01 2027-05-04'],
    ['are one without an end', ['DTSTART;VALUE=DATE:20270501'], '2027-05-01 2027-05-02'],
    [
      'are one when it ends as it starts',
      ['DTSTART;VALUE=DATE:20270501', 'DTEND;VALUE=DATE:20270501'],
      '2027-05-01 2027-05-02',
    ],
    ['follow a DURATION', ['DTSTART;VALUE=DATE:20270501', 'DURATION:P1W2D'], '2027-05-01 2027-05-10'],
    ['follow a DURATION in hours', ['DTSTART:20270501T150000', 'DURATION:PT44H'], '2027-05-01 2027-05-03'],
    [
      'are those between its times',
      ['DTSTART:20270501T150000', 'DTEND:20270503T110000'],
      '2027-05-01 2027-05-03',
    ],
    ['are one within a day', ['DTSTART:20270501T100000', 'DTEND:20270501T120000'], '2027-05-01 2027-05-02'],
    [
      'are those of the listing for UTC',
      ['DTSTART:20270501T020000Z', 'DTEND:20270503T150000Z'],
      '2027-04-30 2027-05-03',
      'America/New_York',
    ],
    [
      'are those of the listing for another zone',
      ['DTSTART;TZID=Asia/Tokyo:20270501T010000', 'DTEND;TZID=Asia/Tokyo:20270503T110000'],
      '2027-04-30 2027-05-03',
      'Europe/Paris',
    ],
    [
      'are read behind a path',
      ['DTSTART;TZID=/citadel.org/20210210_1/Asia/Tokyo:20270501T010000', 'DTEND:20270503T110000'],
      '2027-04-30 2027-05-03',
      'Europe/Paris',
    ],
    [
      'cross a clock change',
      ['DTSTART;TZID=Europe/Paris:20261020T233000', 'DTEND;TZID=Europe/Paris:20261030T003000'],
      '2026-10-20 2026-10-30',
    ],
    [
      'are taken when it says that nobody is busy',
      ['DTSTART:20270501', 'TRANSP:TRANSPARENT'],
      '2027-05-01 2027-05-02',
    ],
  ])('%s', (_what, lines, nights, timeZone = 'Europe/Paris') => {
    expect(rangesOf(one(...lines), at(timeZone))).toEqual([nights]);
    expect(codesOf(one(...lines), at(timeZone))).toEqual([]);
  });

  test('are those of a zone that the file describes itself', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Ours',
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+1300',
      'TZOFFSETTO:+1300',
      'END:STANDARD',
      'END:VTIMEZONE',
    ];
    const text = calendar(
      ...zone,
      ...event('DTSTART;TZID=Ours:20270501T020000', 'DTEND;TZID=Ours:20270503T230000'),
    );
    expect(rangesOf(text)).toEqual(['2027-04-30 2027-05-03']);
  });

  test('lie in the window', () => {
    const text = one('DTSTART;VALUE=DATE:20200101', 'DTEND;VALUE=DATE:20400101');
    expect(rangesOf(text, { ...WIDE, from: '2027-05-01', to: '2027-06-01' })).toEqual([
      '2027-05-01 2027-06-01',
    ]);
    expect(rangesOf(text, { ...WIDE, from: '2041-01-01', to: '2042-01-01' })).toEqual([]);
  });

  test.each([
    ['reversed_dates', ['DTSTART;VALUE=DATE:20270501', 'DTEND;VALUE=DATE:20270401']],
    ['reversed_dates', ['DTSTART:20270501T120000', 'DTEND:20270501T110000']],
    ['reversed_dates', ['DTSTART:20270501', 'DURATION:-P3D']],
    ['unreadable_event', ['DTSTART:20270230']],
    ['unreadable_event', ['DTSTART:99990101', 'DTEND:99991231']],
    ['unreadable_event', ['SUMMARY:nothing']],
    ['unreadable_event', ['DTSTART:20270501', 'DURATION:P99999999999999D']],
  ])('are none and told of: %s %j', (code, lines) => {
    const text = calendar(...event(...lines), ...event('DTSTART:20270601'));
    expect(rangesOf(text)).toEqual(['2027-06-01 2027-06-02']);
    expect(codesOf(text)).toEqual([code]);
  });

  test('are those of the listing in a zone that nobody knows, which is told once', () => {
    const lines = event('DTSTART;TZID=Nowhere:20270501T150000', 'DTEND;TZID=Nowhere:20270503T110000');
    expect(rangesOf(calendar(...lines, ...lines))).toEqual([
      '2027-05-01 2027-05-03',
      '2027-05-01 2027-05-03',
    ]);
    expect(codesOf(calendar(...lines, ...lines))).toEqual(['unknown_time_zone']);
  });

  test('are free when it is cancelled', () => {
    expect(rangesOf(one('DTSTART:20270501', 'STATUS:CANCELLED'))).toEqual([]);
    expect(rangesOf(one('DTSTART:20270501', 'STATUS:TENTATIVE'))).toHaveLength(1);
  });
});

describe('an event that repeats', () => {
  const week = ['DTSTART;VALUE=DATE:20270501', 'DTEND;VALUE=DATE:20270503', 'RRULE:FREQ=WEEKLY;COUNT=4'];

  test('is taken each time, but for its exceptions and what moved', () => {
    const text = calendar(
      ...event(...week, 'EXDATE;VALUE=DATE:20270508', 'RDATE;VALUE=DATE:20270601'),
      ...event(
        'RECURRENCE-ID;VALUE=DATE:20270515',
        'DTSTART;VALUE=DATE:20270517',
        'DTEND;VALUE=DATE:20270519',
      ),
    );
    expect(rangesOf(text)).toEqual([
      '2027-05-01 2027-05-03',
      '2027-05-22 2027-05-24',
      '2027-06-01 2027-06-03',
      '2027-05-17 2027-05-19',
    ]);
  });

  test('loses what was cancelled of it', () => {
    const text = calendar(
      ...event(...week),
      ...event('RECURRENCE-ID;VALUE=DATE:20270515', 'DTSTART:20270515', 'STATUS:CANCELLED'),
    );
    expect(rangesOf(text)).toHaveLength(3);
  });

  test('ends with UNTIL, in whatever zone it is', () => {
    const daily = (until: string) =>
      rangesOf(
        one('DTSTART;TZID=America/New_York:20270501T220000', `RRULE:FREQ=DAILY;UNTIL=${until}`),
        at('America/New_York'),
      );
    expect(daily('20270504T020000Z')).toHaveLength(3);
    expect(daily('20270504T015959Z')).toHaveLength(2);
    expect(daily('20270503')).toHaveLength(3);
    expect(daily('20270503T220000')).toHaveLength(3);
  });

  test('is left at a thousand times', () => {
    const text = calendar(...event('DTSTART:20270101', 'RRULE:FREQ=DAILY'));
    expect(rangesOf(text)).toHaveLength(1_000);
    expect(codesOf(text)).toEqual(['too_many_repeats']);
    expect(rangesOf(text, { ...WIDE, from: '2030-01-01', to: '2030-02-01' })).toHaveLength(31);
  });

  test.each([
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY',
    'FREQ=MINUTELY;BYHOUR=3;BYDAY=SU',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;INTERVAL=99999999',
    'FREQ=WEEKLY;BYDAY=MO;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2',
    'FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=99',
    'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6',
    'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=2',
    `FREQ=YEARLY;BYSECOND=${range(60)};BYMINUTE=${range(60)};BYHOUR=${range(24)}`,
    'FREQ=YEARLY;BYEASTER=1',
    'FREQ=DAILY;COUNT=-5',
    'FREQ=DAILY;UNTIL=never',
  ])('does not hang whatever it says: %s', (rule) => {
    const text = calendar(...event('DTSTART:19700101T000000Z', `RRULE:${rule}`));
    const started = performance.now();
    try {
      readCalendar(text, TODAY);
    } catch (error) {
      expect(error).toBeInstanceOf(CalendarRefused);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test.each([
    ['rules', ['RRULE:FREQ=DAILY']],
    ['rules that look at every day', ['RRULE:FREQ=MONTHLY;BYDAY=53SU,-1SA;BYSETPOS=-117,-343']],
    ['rules that never come true', ['RRULE:FREQ=YEARLY;BYWEEKNO=4;BYMONTH=11']],
    ['exceptions', [`EXDATE:${'20270501T120000Z,'.repeat(50)}20270501T120000Z`]],
    ['long intervals', ['RRULE:FREQ=WEEKLY;INTERVAL=536;BYMONTH=1,2,3,4,5,6']],
    ['lists', [`RRULE:FREQ=DAILY;BYDAY=${'MO,'.repeat(300)}MO`]],
  ])('has one budget with all others: %s', (_what, lines) => {
    const hostile = Array.from({ length: 1_500 }, () => event('DTSTART:19700101T000000Z', ...lines)).flat();
    const started = performance.now();
    expect(codesOf(calendar(...hostile), TODAY)).toContain('unreadable_rule');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

function range(end: number): string {
  return Array.from({ length: end }, (_, value) => value).join(',');
}

describe('the text of a calendar', () => {
  const text = one('DTSTART:20270501', 'SUMMARY:Reserved', 'DESCRIPTION:a long', '  folded line');

  test('may begin with a mark, have blank lines, and line ends of whatever machine', () => {
    for (const variant of [
      `\uFEFF${text}`,
      text.replaceAll('\r\n', '\n'),
      text.replaceAll('\r\n', '\r'),
      text.replaceAll('END:VEVENT', 'END:VEVENT\r\n\r\n'),
      `\r\n${text}`,
    ])
      expect(rangesOf(variant)).toEqual(['2027-05-01 2027-05-02']);
  });

  test('may give two events one UID, and one event twice', () => {
    const lines = event('DTSTART:20270501');
    const { events } = readCalendar(calendar(...lines, ...lines, ...event('DTSTART:20270601')), WIDE);
    expect(new Set(events.map(({ key }) => key)).size).toBe(3);
  });

  test('has names of events that last as long as the event', () => {
    const keyOf = (...lines: string[]) =>
      readCalendar(one('DTSTART:20270501', ...lines), WIDE).events[0]!.key;
    expect(keyOf('DTEND:20270503', 'SUMMARY:x')).toBe(keyOf('DTEND:20270509'));
  });

  test('shows a summary in one line, whatever is in it', () => {
    const { events } = readCalendar(one('DTSTART:20270501', `SUMMARY:a\\nb\u0000c${'😀'.repeat(300)}`), WIDE);
    expect(events[0]!.summary).toMatch(/^a b c😀+\p{So}?.?$/u);
    expect(events[0]!.summary!.length).toBeLessThanOrEqual(200);
    expect(events[0]!.summary!.isWellFormed()).toBe(true);
  });

  test.each([
    ['not_a_calendar', ''],
    ['not_a_calendar', '<!doctype html>'],
    ['not_a_calendar', 'BEGIN:VCARD\nEND:VCARD'],
    ['broken_calendar', text.slice(0, -20)],
    ['broken_calendar', 'BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\nVERSION:2.0'],
    ['too_large', `BEGIN:VCALENDAR\n${'X:1\n'.repeat(600_000)}END:VCALENDAR`],
    ['line_too_long', `BEGIN:VCALENDAR\nX${';A=b'.repeat(200_000)}:1\nEND:VCALENDAR`],
    ['line_too_long', `BEGIN:VCALENDAR\nX${'\n ;A=b'.repeat(200_000)}:1\nEND:VCALENDAR`],
    ['too_many_events', calendar(...Array.from({ length: 5_001 }, () => event('DTSTART:20270501')).flat())],
  ])('is refused: %s', (reason, refused) => {
    const started = performance.now();
    expect(() => readCalendar(refused, WIDE)).toThrow(expect.objectContaining({ reason }));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('is never too much, however hostile: lines of many parameters, deep nests, endless zones', () => {
    const lines = `X${';A=b'.repeat(8_000)}:1\n`;
    const nest = 60_000;
    const zoneOf = (rule: string) =>
      `BEGIN:VTIMEZONE\nTZID:z\n${`BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:${rule}\nEND:STANDARD\n`.repeat(40)}END:VTIMEZONE\n`;
    const hostile = [
      `BEGIN:VCALENDAR\n${lines.repeat(60)}END:VCALENDAR`,
      `BEGIN:VCALENDAR\n${'BEGIN:X\n'.repeat(nest)}${'END:X\n'.repeat(nest)}END:VCALENDAR`,
      ...['FREQ=SECONDLY', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'].map(
        (rule) =>
          `BEGIN:VCALENDAR\n${zoneOf(rule)}${event('DTSTART;TZID=z:20270501T120000').join('\n')}\nEND:VCALENDAR`,
      ),
    ];
    for (const one of hostile) {
      const started = performance.now();
      readCalendar(one, TODAY);
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});
