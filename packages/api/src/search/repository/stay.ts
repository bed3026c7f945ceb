import { addDays, dayOf } from '@sojourn/shared/nights';
import { sql } from 'kysely';
import type { Stay } from '../model/search.ts';
import { and, type Condition, type Fragment } from './sql.ts';

// A stay as SQL over `listing_search_stays as y`: whether a listing can be booked for it, and what it costs. The rules
// are those of pricing/model/bookable.ts and price.ts, without pets and at the standard rate; a test holds them together.

const WEEK_NIGHTS = 7;
const LONG_STAY_NIGHTS = 28;
/** Clocks are ahead of UTC by at most so much. */
const MOST_AHEAD = sql`interval '14 hours'`;

/**
 * The row `stay (total)` of the listing `s` when it can be booked, to be joined laterally. `offset 0` keeps it a step of
 * its own, in which the total is computed once.
 */
export const bookable = (stay: Stay): Fragment => sql`(
  select ${totalOf(stay)} as total
  from listing_search_stays as y
  where y.listing_id = s.listing_id and ${and(rulesOf(stay))}
  offset 0)`;

/** Nothing dearer than `price` has a higher floor: see `price_floor`. */
export const floorWithin = (price: Fragment, { nights }: Stay): Condition =>
  sql`s.price_floor <= (${price} * 10000 / (10000 + (select fee from asked)) + 3) / ${nights}`;

const todayIn = ({ now }: Stay): Fragment => sql`(${now}::timestamptz at time zone y.time_zone)::date`;

function rulesOf(stay: Stay): Condition[] {
  const { checkIn, checkOut, nights, now } = stay;
  const step = sql`[width_bucket(${dayOf(checkIn)}::integer, y.rule_steps)]`;
  const weekday = ((dayOf(checkIn) + 3) % 7) + 1;
  const utc = now.toISOString();
  // Mostly it is plain wherever the home is; only what is near needs the time of its zone.
  const plainlyWithin = addDays(utc.slice(0, 10), -1);
  return [
    sql`not y.busy && daterange(${checkIn}, ${checkOut})`,
    sql`${nights} >= coalesce(y.rule_min_nights${step}, y.weekday_min_nights[${weekday}::integer], y.min_nights)`,
    sql`${nights} <= coalesce(y.rule_max_nights${step}, y.max_nights)`,
    sql`(y.closed_to_arrival is null or not y.closed_to_arrival @> ${checkIn}::date)`,
    sql`(y.closed_to_departure is null or not y.closed_to_departure @> ${checkOut}::date)`,
    sql`(${checkOut}::date <= ${plainlyWithin}::date + y.window_days or ${checkOut}::date <= ${todayIn(stay)} + y.window_days)`,
    sql`(${checkIn}::date + y.check_in_from - ${MOST_AHEAD}
        >= ${utc.slice(0, -1)}::timestamp + y.notice_hours * interval '1 hour'
      or (${checkIn}::date >= ${todayIn(stay)} and instant_at(${checkIn}::date + y.check_in_from, y.time_zone)
        >= ${now}::timestamptz + y.notice_hours * interval '1 hour'))`,
  ];
}

/** A function of the database: planned as an expression, it would take longer to plan than to run. */
function totalOf(stay: Stay): Fragment {
  const { checkIn, nights, guests, now } = stay;
  const first = dayOf(checkIn);
  const isWeekend = (day: number) => [4, 5].includes((day + 3) % 7);
  const weekend = Array.from({ length: nights }, (_, index) => first + index).filter(isWeekend).length;
  return sql`stay_total(y.listing_id, y.base_price, y.weekend_price, y.price_steps, y.step_prices, y.cleaning_fee,
    greatest(0, ${guests} - coalesce(y.included_guests, s.capacity)) * y.extra_guest_fee, ${lengthPercentOf(stay)},
    ${leadPercentOf(stay)}, ${first}, ${nights}, ${weekend}, ${guests}, (select fee from asked), (select taxed from asked), ${now})`;
}

/** For the length of the stay. */
function lengthPercentOf({ nights }: Stay): Fragment {
  if (nights < WEEK_NIGHTS) return sql`0`;
  return nights < LONG_STAY_NIGHTS
    ? sql`y.weekly_percent`
    : sql`(case when y.monthly_percent > 0 then y.monthly_percent else y.weekly_percent end)`;
}

/** For booking early or late: the larger of the two. */
function leadPercentOf(stay: Stay): Fragment {
  const lead = sql`${stay.checkIn}::date - ${todayIn(stay)}`;
  return sql`case when num_nonnulls(y.early_bird_days, y.last_minute_days) = 0 then 0 else greatest(0,
    case when ${lead} >= y.early_bird_days then y.early_bird_percent end,
    case when ${lead} <= y.last_minute_days then y.last_minute_percent end) end`;
}

/** What a statement has to say once, as a table, before all that is made here. */
export const askedOf = ({ now }: Stay): Fragment => sql`asked as materialized (
  select exists (select from tax_rules) as taxed, coalesce((
    select guest_fee_bps from fee_schedules where effective_from <= ${now} order by effective_from desc limit 1), 0)::bigint as fee)`;
