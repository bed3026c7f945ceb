import { hash } from 'node:crypto';
import type { Currency } from '@sojourn/shared/money';
import { addDays, nightsBetween } from '@sojourn/shared/nights';
import { listingNotFound } from '../../listings/problems.ts';
import type { Context } from '../../platform/context.ts';
import { publicId, uuidOf } from '../../platform/id.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { bookingWindow, type CalendarDay, daysOf, MAX_DAYS_READ, todayAt } from '../model/days.ts';
import type { Nights } from '../model/nights.ts';
import { canReadCalendar, canReadWholeCalendar } from '../policy.ts';
import { findFacts } from '../repository/facts.ts';
import type { CalendarQuery } from '../schema/days.ts';

/** A calendar as a caller is shown it. */
interface CalendarView extends Nights {
  listingId: string;
  timeZone: string | null;
  currency: Currency | null;
  version: number;
  days: CalendarDay[];
  /** The same for the same answer. */
  mark: string;
}

/** What to show unless it is said. */
const DAYS = 365;

/** Prices, rules and free nights of a listing: with what takes the others only for its host and for staff. */
export async function getCalendar(
  ctx: Context,
  listingId: string,
  query: CalendarQuery,
): Promise<CalendarView> {
  const id = uuidOf('lst', listingId);
  if (id === undefined) throw listingNotFound();
  const now = ctx.clock.now();
  // What today is at the listing is known only when it is read: somewhere it is still yesterday.
  const today = todayAt(null, now);
  const wide = datesOf(query, addDays(today, -1), 2);
  const read = await findFacts(ctx.pool, id, wide);
  if (!read || !canReadCalendar(ctx.actor, read.facts)) throw listingNotFound();
  const { facts, text } = read;
  const clock = bookingWindow(facts, now);
  const dates = datesOf(query, clock.today, 0);
  const whole = canReadWholeCalendar(ctx.actor, facts);
  return {
    ...dates,
    listingId: publicId('lst', id),
    timeZone: facts.timeZone,
    currency: facts.currency,
    version: facts.version,
    days: daysOf(facts, dates, clock, whole),
    mark: hash('sha1', JSON.stringify([text, dates, clock, whole]), 'base64url').slice(0, 16),
  };
}

/** @param slack how many more dates may be read than are shown */
function datesOf({ from: asked, to: end }: CalendarQuery, today: string, slack: number): Nights {
  const from = asked ?? today;
  const to = end ?? addDays(from, DAYS + slack);
  const nights = nightsBetween(from, to);
  if (nights > 0 && nights <= MAX_DAYS_READ + slack) return { from, to };
  const message = `must be 1 to ${MAX_DAYS_READ} dates after from, which is ${from}`;
  throw invalidRequest({ errors: [{ pointer: '/query/to', code: 'out_of_range', message }] });
}
