import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // What was given back beyond what the rules say, by who bears it; in minor units of the booking's currency.
  await run(`alter table bookings
    add column host_refunded bigint not null default 0,
    add column marketplace_refunded bigint not null default 0,
    add constraint bookings__refunded_sanely check (host_refunded >= 0 and marketplace_refunded >= 0),
    drop constraint bookings__cancelled_whole,
    add constraint bookings__cancelled_whole check ((status = 'cancelled') = (cancelled_by is not null)
      and (cancelled_by is null or cancelled_by in ('guest', 'host', 'admin', 'marketplace')))`);

  // An alteration that costs more is agreed first and takes effect when it is paid.
  await run('alter table alterations drop constraint alterations__status_known');
  await run(`alter table alterations
    add column payment_id uuid references payments,
    add constraint alterations__status_known check (status in ('pending', 'awaitingPayment', 'accepted', 'declined',
      'withdrawn', 'expired')),
    add constraint alterations__awaits_a_payment check (status <> 'awaitingPayment' or payment_id is not null)`);
  await run('drop index alterations__one_pending');
  await run('drop index alterations__by_expiry');
  await run(
    `create unique index alterations__one_open on alterations (booking_id) where status in ('pending', 'awaitingPayment')`,
  );
  await run(
    `create index alterations__by_expiry on alterations (expires_at) where status in ('pending', 'awaitingPayment')`,
  );
  await run('create index alterations__by_payment on alterations (payment_id) where payment_id is not null');
}
