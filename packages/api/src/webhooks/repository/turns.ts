import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import { columnwise } from '../../platform/db/columnwise.ts';
import type { DeliveryState, LoggedAttempt } from '../model/delivery.ts';
import { FAILING_AFTER, type Health } from '../model/pace.ts';

// Who sends to an endpoint holds it for a while, and nobody else does so meanwhile. How long that is, is a matter of the
// machine and not of the marketplace: it is read from the database's own clock, which all processes share.

/** Longer than any turn lasts; after it, what was sent and not recorded is sent again. */
const HOLD_SECONDS = 30;

/** An endpoint for as long as somebody sends to it. */
export interface Turn extends Health {
  endpointId: string;
  url: string;
  /** Sealed, as `readSecrets` in endpoints.ts gives them. */
  secrets: Buffer[];
}

const IS_FREE = sql<boolean>`(e.claimed_until is null or e.claimed_until < clock_timestamp())`;
const isAwake = (now: Date) => sql<boolean>`(e.rest_until is null or e.rest_until <= ${now})`;

/** Takes an endpoint under a claim of one's own; undefined while it is disabled, rests, or is somebody else's. */
export async function claimTurn(
  db: Db,
  endpointId: string,
  claim: string,
  now: Date,
): Promise<Turn | undefined> {
  const { rows } = await sql<Turn>`
    update webhook_endpoints e
    set claim = ${claim}, claimed_until = clock_timestamp() + make_interval(secs => ${sql.lit(HOLD_SECONDS)})
    from users u
    where e.id = ${endpointId} and e.enabled and u.id = e.user_id and u.status = 'active'
      and ${IS_FREE} and ${isAwake(now)}
    returning e.id as "endpointId", e.url,
      array_remove(array[e.secret, case when e.previous_secret_until > ${now} then e.previous_secret end], null) as secrets,
      e.consecutive_failures as "consecutiveFailures", e.failing_since as "failingSince"`.execute(db);
  return rows[0];
}

/** A delivery whose time has come. */
export interface DueDelivery {
  id: string;
  eventSequence: number;
  /** Attempts that were made. */
  attempts: number;
}

/** What an endpoint gets next: what waits longest, older events before newer ones. */
export async function listDue(db: Db, endpointId: string, now: Date, limit: number): Promise<DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    select id, event_sequence as "eventSequence", jsonb_array_length(attempts) as attempts
    from webhook_deliveries
    where endpoint_id = ${endpointId} and state = 'pending' and next_attempt_at <= ${now}
    order by next_attempt_at, event_sequence limit ${limit}`.execute(db);
  return rows;
}

/** What one attempt made of its delivery. */
export interface Result {
  id: string;
  state: DeliveryState;
  attempt: LoggedAttempt;
  nextAttemptAt: Date | null;
  endedAt: Date | null;
}

const RESULT_TYPES = {
  id: 'uuid',
  state: 'text',
  attempt: 'jsonb',
  next_attempt_at: 'timestamptz',
  ended_at: 'timestamptz',
} as const;

/**
 * Records what a turn made of its deliveries and of its endpoint, and ends it. False when the turn was no longer this
 * one's: its process was frozen for longer than a turn may last, and another has sent the same since.
 */
export async function recordTurn(
  db: Db,
  endpointId: string,
  claim: string,
  results: readonly Result[],
  health: Health & { restUntil: Date | null },
): Promise<boolean> {
  const rows = results.map(({ id, state, attempt, nextAttemptAt, endedAt }) => ({
    id,
    state,
    attempt: JSON.stringify(attempt),
    next_attempt_at: nextAttemptAt?.toISOString() ?? null,
    ended_at: endedAt?.toISOString() ?? null,
  }));
  const { rows: held } = await sql`
    with held as (
      update webhook_endpoints set claim = null, claimed_until = null,
        consecutive_failures = ${health.consecutiveFailures}, failing_since = ${health.failingSince},
        rest_until = ${health.restUntil}
      where id = ${endpointId} and claim = ${claim}
      returning id
    ), recorded as (
      update webhook_deliveries d
      set state = r.state, attempts = d.attempts || r.attempt, next_attempt_at = r.next_attempt_at, ended_at = r.ended_at
      from ${columnwise(rows, RESULT_TYPES)} as r, held
      where d.endpoint_id = held.id and d.id = r.id and d.state = 'pending'
    )
    select id from held`.execute(db);
  return held.length === 1;
}

/**
 * Endpoints that have something due and that nobody sends to: all that are well, and of those that fail only the few
 * that have rested longest. However many receivers hang, they hold no more than a part of the workers.
 */
export async function listDueEndpoints(db: Db, now: Date, failingLimit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive first as (
      (select endpoint_id, next_attempt_at from webhook_deliveries
       where state = 'pending' order by endpoint_id, next_attempt_at limit 1)
      union all
      select next.* from first, lateral (
        select endpoint_id, next_attempt_at from webhook_deliveries
        where state = 'pending' and endpoint_id > first.endpoint_id order by endpoint_id, next_attempt_at limit 1
      ) next
    ), due as materialized (
      select e.id, e.consecutive_failures >= ${sql.lit(FAILING_AFTER)} as failing, e.rest_until
      from first join webhook_endpoints e on e.id = first.endpoint_id
        join users u on u.id = e.user_id and u.status = 'active'
      where first.next_attempt_at <= ${now} and e.enabled and ${IS_FREE} and ${isAwake(now)}
    )
    (select id from due where not failing)
    union all
    (select id from due where failing order by rest_until nulls first limit ${failingLimit})`.execute(db);
  return rows.map(({ id }) => id);
}
