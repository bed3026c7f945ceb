import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table listings
    add weekly_discount_percent smallint not null default 0,
    add monthly_discount_percent smallint not null default 0,
    add early_bird_days smallint,
    add early_bird_percent smallint,
    add last_minute_days smallint,
    add last_minute_percent smallint,
    add non_refundable_discount_percent smallint,
    add arrival_min_nights jsonb not null default '{}',
    add advance_notice_hours smallint not null default 0,
    add booking_window_days smallint not null default 730,
    add preparation_nights smallint not null default 0,
    add long_stay_policy text not null default 'firmLongTerm',
    add constraint listings__discounts_are_percents check (
      weekly_discount_percent between 0 and 90 and monthly_discount_percent between 0 and 90
      and early_bird_percent between 1 and 90 and last_minute_percent between 1 and 90
      and non_refundable_discount_percent between 1 and 90),
    add constraint listings__discounts_whole check (
      num_nulls(early_bird_days, early_bird_percent) in (0, 2) and num_nulls(last_minute_days, last_minute_percent) in (0, 2)),
    add constraint listings__booking_rules_sane check (
      advance_notice_hours between 0 and 8760 and booking_window_days between 1 and 1095 and preparation_nights between 0 and 30)
  `.execute(db);
}
