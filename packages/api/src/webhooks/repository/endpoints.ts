import type { Db, Tx } from '../../platform/context.ts';
import type { DisabledReason, Endpoint } from '../model/endpoint.ts';

const COLUMNS = [
  'id',
  'user_id as userId',
  'url',
  'description',
  'types',
  'all_events as allEvents',
  'enabled',
  'disabled_reason as disabledReason',
  'failing_since as failingSince',
  'previous_secret_until as previousSecretUntil',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;

type EndpointRow = Omit<Endpoint, 'disabledReason'> & { disabledReason: string | null };

const toEndpoint = (row: EndpointRow): Endpoint => ({
  ...row,
  disabledReason: row.disabledReason as DisabledReason | null,
});

const endpointsOf = (db: Db, userId: string) =>
  db.selectFrom('webhook_endpoints').where('user_id', '=', userId).where('deleted_at', 'is', null);

/** Lets one transaction at a time add endpoints of a user, so that a limit on their number holds. */
export async function lockOwner(tx: Tx, userId: string): Promise<void> {
  await tx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute();
}

export async function countEndpoints(db: Db, userId: string): Promise<number> {
  const { count } = await endpointsOf(db, userId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

export async function insertEndpoint(db: Db, endpoint: Endpoint, sealedSecret: Buffer): Promise<void> {
  await db
    .insertInto('webhook_endpoints')
    .values({
      id: endpoint.id,
      user_id: endpoint.userId,
      url: endpoint.url,
      description: endpoint.description,
      types: endpoint.types,
      all_events: endpoint.allEvents,
      secret: sealedSecret,
      created_at: endpoint.createdAt,
      updated_at: endpoint.updatedAt,
    })
    .execute();
}

/** A user's endpoints, newest first, one more than `limit` when there are more. */
export async function listEndpoints(
  db: Db,
  userId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<Endpoint[]> {
  let query = endpointsOf(db, userId).select(COLUMNS);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(toEndpoint);
}

export async function findEndpoint(db: Db, userId: string, id: string): Promise<Endpoint | undefined> {
  const row = await endpointsOf(db, userId).where('id', '=', id).select(COLUMNS).executeTakeFirst();
  return row && toEndpoint(row);
}

export async function lockEndpoint(tx: Tx, userId: string, id: string): Promise<Endpoint | undefined> {
  const row = await endpointsOf(tx, userId)
    .where('id', '=', id)
    .select(COLUMNS)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && toEndpoint(row);
}

/** An endpoint of anybody, as it is now. */
export async function getEndpoint(db: Db, id: string): Promise<Endpoint> {
  return toEndpoint(
    await db.selectFrom('webhook_endpoints').select(COLUMNS).where('id', '=', id).executeTakeFirstOrThrow(),
  );
}

/** Writes what its owner may change. */
export async function updateEndpoint(
  db: Db,
  { id, url, description, types, enabled, disabledReason, updatedAt }: Endpoint,
): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({ url, description, types, enabled, disabled_reason: disabledReason, updated_at: updatedAt })
    .where('id', '=', id)
    .execute();
}

/** Lets an endpoint start anew: what failed before no longer counts, and it rests no more. */
export async function forgiveEndpoint(db: Db, id: string): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({ failing_since: null, consecutive_failures: 0, rest_until: null })
    .where('id', '=', id)
    .execute();
}

/** Ends the rest of an endpoint: what is due is tried now. */
export async function endRest(db: Db, id: string): Promise<void> {
  await db.updateTable('webhook_endpoints').set({ rest_until: null }).where('id', '=', id).execute();
}

export async function disableEndpoint(db: Db, id: string, reason: DisabledReason, now: Date): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({ enabled: false, disabled_reason: reason, updated_at: now })
    .where('id', '=', id)
    .execute();
}

/** The sealed secrets that sign at an instant, the present one first. */
export async function readSecrets(db: Db, id: string, now: Date): Promise<Buffer[]> {
  const row = await db
    .selectFrom('webhook_endpoints')
    .select(['secret', 'previous_secret', 'previous_secret_until'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const overlaps = row.previous_secret_until !== null && row.previous_secret_until > now;
  return overlaps ? [row.secret, row.previous_secret!] : [row.secret];
}

/** Puts a new secret before the present one, which signs as well until an instant, or no more when that is null. */
export async function replaceSecret(
  db: Db,
  id: string,
  sealedSecret: Buffer,
  { until, now }: { until: Date | null; now: Date },
): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set(({ ref }) => ({
      secret: sealedSecret,
      previous_secret: until && ref('secret'),
      previous_secret_until: until,
      updated_at: now,
    }))
    .where('id', '=', id)
    .execute();
}

/** Empties an endpoint; its row goes when its deliveries are gone. */
export async function removeEndpoint(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('webhook_endpoints')
    .set({
      deleted_at: now,
      enabled: false,
      url: '',
      description: '',
      secret: Buffer.alloc(0),
      previous_secret: null,
      previous_secret_until: null,
    })
    .where('id', '=', id)
    .execute();
}
