import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { systemClock } from '../clock.ts';
import type { Context, Db } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { idempotencyInProgress, idempotencyKeyReused, invalidIdempotencyKey } from '../problems.ts';
import type { Keyring } from '../secrets.ts';
import type { Answer } from './answer.ts';

const KEEP_HOURS = 24;
/** By the machine's time, like the repeats themselves: a request that moves the clock of a sandbox is known again. */
const oldestKept = () => new Date(systemClock.now().getTime() - KEEP_HOURS * 3_600_000);

/** A request that carries a key: whose it is, and what exactly was asked. */
export interface KeyedRequest {
  /** The user, or `anonymous`. The same key of another user is another key. */
  owner: string;
  key: string;
  /** Method, path, query and body. */
  fingerprint: Buffer;
}

export function keyedRequest(key: string, owner: string, parts: readonly (string | Buffer)[]): KeyedRequest {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw invalidIdempotencyKey();
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return { owner, key, fingerprint: hash.digest() };
}

/**
 * Runs `work` once for a key. The stored answer is written in the very transaction of the effect: after a crash either
 * both are there or neither, and no key stays behind as "running". While the first request runs, an advisory lock of
 * its transaction turns others away.
 *
 * Answers are sealed under a key made of the idempotency key itself, which is stored only as a hash: whoever reads the
 * table cannot read the answers (one of them may hold an API key that is shown only once).
 */
export async function once(
  ctx: Context,
  request: KeyedRequest,
  work: (ctx: Context) => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    try {
      return await ctx.db.transaction().execute(async (tx) => {
        const known = await lockAndFind(tx, ctx, request);
        if (known) return known;
        const answer = await work({ ...ctx, db: tx });
        if (!(await store(tx, ctx, request, answer))) throw new LostRace();
        return answer;
      });
    } catch (error) {
      // Another request with this key committed between our look and our lock: it is found on the next turn.
      if (error instanceof LostRace) continue;
      throw error;
    }
  }
}

class LostRace extends Error {}

/** Keeps a refusal, whose transaction was rolled back: the same request gets the same refusal. */
export async function storeRefusal(
  ctx: Context,
  request: KeyedRequest,
  error: unknown,
  answer: Answer,
): Promise<void> {
  const refused = error instanceof ProblemError && answer.status >= 400 && answer.status < 500;
  const ofTheKey =
    error instanceof ProblemError &&
    [idempotencyInProgress.code, idempotencyKeyReused.code].includes(error.definition.code);
  if (refused && !ofTheKey && answer.status !== 429) await store(ctx.db, ctx, request, answer);
}

const hashOf = (key: string) => createHash('sha256').update(key).digest();

async function lockAndFind(db: Db, ctx: Context, request: KeyedRequest): Promise<Answer | undefined> {
  const keyHash = hashOf(request.key);
  const { rows } = await sql<{ locked: boolean; fingerprint: Buffer | null; answer: Buffer | null }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`${request.owner}/${keyHash.toString('hex')}`}, 0)) as locked,
      k.fingerprint, k.answer
    from (values (1)) as one
    left join idempotency_keys k on k.owner = ${request.owner} and k.key_hash = ${keyHash} and k.created_at >= ${oldestKept()}`.execute(
    db,
  );
  const row = rows[0]!;
  if (row.fingerprint && row.answer) {
    if (!row.fingerprint.equals(request.fingerprint)) throw idempotencyKeyReused();
    const answer = openAnswer(ctx.keyring, request, row.answer);
    if (answer) return { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': 'true' } };
  }
  if (!row.locked) throw idempotencyInProgress({ headers: { 'Retry-After': '1' } });
  return undefined;
}

async function store(db: Db, ctx: Context, request: KeyedRequest, answer: Answer): Promise<boolean> {
  const sealed = sealAnswer(ctx.keyring, request, answer);
  const { rows } = await sql`
    insert into idempotency_keys (owner, key_hash, fingerprint, answer, created_at)
    values (${request.owner}, ${hashOf(request.key)}, ${request.fingerprint}, ${sealed}, ${systemClock.now()})
    on conflict (owner, key_hash) do update
      set fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at
      where idempotency_keys.created_at < ${oldestKept()}
    returning 1`.execute(db);
  return rows.length === 1;
}

const purposeOf = (request: KeyedRequest) => `idempotency:${request.owner}:${request.key}`;

function sealAnswer(keyring: Keyring, request: KeyedRequest, { status, headers, body }: Answer): Buffer {
  const head = Buffer.from(`${JSON.stringify({ status, headers, empty: body === null })}\n`);
  return keyring.seal(Buffer.concat([head, Buffer.from(body ?? '')]), purposeOf(request));
}

function openAnswer(keyring: Keyring, request: KeyedRequest, sealed: Buffer): Answer | undefined {
  const plain = keyring.open(sealed, purposeOf(request));
  if (!plain) return undefined;
  const end = plain.indexOf('\n');
  const { status, headers, empty } = JSON.parse(plain.subarray(0, end).toString()) as {
    status: number;
    headers: Record<string, string>;
    empty: boolean;
  };
  return { status, headers, body: empty ? null : plain.subarray(end + 1) };
}

/** Forgets keys whose day is over. */
export async function removeExpiredKeys(db: Db): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('created_at', '<', oldestKept()).execute();
}
