import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../platform/context.ts';

/** What nothing was heard of, each by what is needed to ask. */
export interface Silent {
  attempts: string[];
  captures: string[];
  intents: string[];
  sessions: string[];
  /** That Stripe has not taken yet, or that wait for it to say whether they arrived. */
  refunds: string[];
  disputes: string[];
  events: string[];
}

interface Since {
  now: Date;
  /** Before when what happens within moments must have been heard of. */
  moments: Date;
  /** The same of what may take hours. */
  hours: Date;
  limit: number;
}

/** Finds what stayed silent, and writes down that it was looked at, so that the next look comes after others. */
export async function takeSilent(db: Db, since: Since): Promise<Silent> {
  const { now, moments, hours, limit } = since;
  const payments = await sql<{
    id: string;
    intent: string | null;
    session: string | null;
    captures: boolean;
  }>`
    update payments set looked_at = ${now} where id in (
      select id from payments
      where (status in ('requiresAction', 'processing', 'requiresCapture')
          or (status = 'requiresPaymentMethod' and (stripe_intent_id is not null or checkout_session_id is not null)))
        and greatest(updated_at, looked_at) < case when status = 'requiresCapture' then ${hours}::timestamptz else ${moments}::timestamptz end
      order by greatest(updated_at, looked_at) limit ${limit} for update skip locked)
    returning id, stripe_intent_id as intent, checkout_session_id as session,
      status = 'processing' and capture_requested_at is not null as captures`.execute(db);
  return {
    attempts: await pendingAttempts(db, since),
    captures: payments.rows.filter(({ captures }) => captures).map(({ id }) => id),
    intents: payments.rows.flatMap(({ intent, captures }) => (intent === null || captures ? [] : [intent])),
    sessions: payments.rows.flatMap(({ session }) => (session === null ? [] : [session])),
    refunds: await takeRefunds(db, since),
    disputes: await takeDisputes(db, since),
    events: await waitingEvents(db, since),
  };
}

const pendingAttempts = (db: Db, { moments, limit }: Since) =>
  idsOf(
    db,
    sql`select id from payment_attempts where status = 'pending' and created_at < ${moments}
      order by created_at limit ${limit}`,
  );

const takeRefunds = (db: Db, { now, moments, hours, limit }: Since) =>
  idsOf(
    db,
    sql`update refunds set updated_at = ${now} where id in (
        select id from refunds where status in ('pending', 'blocked') and updated_at <
          case when status = 'pending' and stripe_refund_id is null then ${moments}::timestamptz else ${hours}::timestamptz end
        order by updated_at limit ${limit} for update skip locked)
      returning id`,
  );

const takeDisputes = (db: Db, { now, hours, limit }: Since) =>
  idsOf(
    db,
    sql`update disputes set looked_at = ${now} where id in (
        select id from disputes where status = 'open' and greatest(opened_at, looked_at) < ${hours}
        order by greatest(opened_at, looked_at) limit ${limit} for update skip locked)
      returning stripe_dispute_id as id`,
  );

const waitingEvents = (db: Db, { moments, limit }: Since) =>
  idsOf(
    db,
    sql`select id from stripe_events where processed_at is null and received_at < ${moments}
      order by received_at limit ${limit}`,
  );

async function idsOf(db: Db, query: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await query.execute(db);
  return rows.map((row) => (row as { id: string }).id);
}
