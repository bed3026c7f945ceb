import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { addDays } from '@sojourn/shared/nights';
import pg from 'pg';
import { Pool } from 'undici';
import { publicId, uuidOf } from '../packages/api/src/platform/id.ts';
import type { ServerProcess } from './lab.ts';
import { asking, newHome, quote } from './torture/stays/world.ts';

const CLIENTS = 16;
const SECONDS = 5;
const HOMES = 40;
/** Stays of two nights, one after another. */
const STAYS_PER_HOME = 500;

interface Rate {
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  failures: number;
}

/** P5 and P6: quotes beside the read of a listing, and holds beside the same transaction in pgbench. */
export async function benchStays(server: ServerProcess, databaseUrl: string, folder: string) {
  const host = asking(server, server.credentials.host.apiKey);
  const guestKey = server.credentials.admin.apiKey;
  const homes: string[] = [];
  for (let i = 0; i < HOMES; i += 1) homes.push(await newHome(host));
  const call = callerAt(server, guestKey);
  const home = (n: number) => homes[n % HOMES]!;
  const checkIn = addDays(new Date().toISOString().slice(0, 10), 30);
  const body = (n: number) =>
    JSON.stringify({ listingId: home(n), checkIn, checkOut: addDays(checkIn, 3), guests: 2 });

  const read = await rate((n) => call.send('GET', `/v1/listings/${home(n)}`));
  const quoted = await rate((n) => call.send('POST', '/v1/quotes', body(n)));
  const quotedWithKey = await rate((n) => call.send('POST', '/v1/quotes', body(n), randomUUID()));

  const offers = await manyQuotes(
    databaseUrl,
    homes,
    (await quote(host, homes[0]!, checkIn, addDays(checkIn, 2))).body.id,
  );
  const half = Math.floor(offers.length / 2);
  const offered = (from: number) => (n: number) =>
    JSON.stringify({ quoteId: publicId('qte', offers[from + (n % half)]!) });
  const [plain, keyed] = [offered(0), offered(half)];
  const held = await rate((n) => call.send('POST', '/v1/bookings', plain(n)), half);
  const heldWithKey = await rate((n) => call.send('POST', '/v1/bookings', keyed(n), randomUUID()), half);
  await call.close();
  return {
    'listing read': read,
    quote: quoted,
    'quote, with a key': quotedWithKey,
    hold: held,
    'hold, with a key': heldWithKey,
    'hold in pgbench': await pgbench(databaseUrl, folder),
  };
}

function callerAt({ url }: ServerProcess, apiKey: string) {
  const pool = new Pool(url, { connections: CLIENTS });
  return {
    async send(method: 'GET' | 'POST', target: string, body?: string, key?: string): Promise<boolean> {
      const answer = await pool.request({
        method,
        path: target,
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          ...(key ? { 'idempotency-key': key } : {}),
        },
        ...(body ? { body } : {}),
      });
      await answer.body.dump();
      return answer.statusCode < 300;
    },
    close: () => pool.close(),
  };
}

/** As often a second as so many clients can, for some seconds or `most` times. */
async function rate(work: (n: number) => Promise<boolean>, most = Number.POSITIVE_INFINITY): Promise<Rate> {
  const times: number[] = [];
  let failures = 0;
  let next = 0;
  const started = performance.now();
  const until = started + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < until && next < most) {
        const n = next;
        next += 1;
        const at = performance.now();
        if (!(await work(n))) failures += 1;
        times.push(performance.now() - at);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  times.sort((a, b) => a - b);
  const atShare = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
  return {
    perSecond: Math.round(times.length / seconds),
    p50Ms: atShare(0.5),
    p95Ms: atShare(0.95),
    failures,
  };
}

/** Quotes for all stays of all homes, each the first one with other dates; in random order. */
async function manyQuotes(databaseUrl: string, homes: readonly string[], model: string): Promise<string[]> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ id: string }>(
    `insert into quotes (id, listing_id, guest_id, check_in, check_out, guests, pets, terms, total, currency, created_at, expires_at)
     select gen_random_uuid(), listing.id, null, check_in + stay * 2, check_in + stay * 2 + 2, guests, pets, terms, total,
       currency, created_at, now() + interval '1 hour'
     from quotes, unnest($1::uuid[]) as listing (id), generate_series(1, $2::integer) as stay
     where quotes.id = $3 order by random() returning id`,
    [homes.map((id) => uuidOf('lst', id)), STAYS_PER_HOME / 2 - 20, uuidOf('qte', model)],
  );
  await owner.end();
  return rows.map(({ id }) => id);
}

/** The same rows in one transaction, sent by PostgreSQL's own client: what the database alone can do. */
const TRANSACTION = `
\\set home random(1, ${HOMES})
\\set stay random(1, 100000)
\\set offer random(1, 5000)
begin;
select pg_try_advisory_xact_lock(hashtextextended('k' || :stay, 0));
select q.*, l.host_id from quotes q join listings l on l.id = q.listing_id where q.id = (select id from bench_offers where n = :offer) for update of q;
insert into occupied_nights (id, listing_id, kind, nights, booking_id) select gen_random_uuid(), h.id, 'hold',
  daterange('2030-01-01'::date + :stay * 2, '2030-01-01'::date + :stay * 2 + 2), set_config('bench.booking', gen_random_uuid()::text, true)::uuid
  from bench_homes h where h.n = :home on conflict do nothing;
insert into bookings (id, quote_id, listing_id, host_id, guest_id, status, instant, check_in, check_out, guests, pets, check_in_at,
  check_out_at, terms, currency, total, hold_expires_at, created_at, updated_at)
  select n.booking_id, gen_random_uuid(), n.listing_id, l.host_id, l.host_id, 'held', true, lower(n.nights), upper(n.nights), 2, 0,
    lower(n.nights), upper(n.nights), q.terms, 'EUR', q.total, now() + interval '15 minutes', now(), now()
  from occupied_nights n join listings l on l.id = n.listing_id, quotes q
  where n.booking_id = current_setting('bench.booking')::uuid and q.id = (select id from bench_offers where n = :offer);
insert into payments (id, reference, payer_id, capture, status, currency, amount, created_at, updated_at)
  select gen_random_uuid(), id, guest_id, 'automatic', 'requiresPaymentMethod', currency, total, now(), now() from bookings
  where id = current_setting('bench.booking')::uuid;
insert into outbox (id, type, subject_type, subject_id, audience, data, occurred_at) select gen_random_uuid(), 'booking.held', 'booking',
  id, array[guest_id, host_id], jsonb_build_object('checkIn', check_in, 'checkOut', check_out), now() from bookings
  where id = current_setting('bench.booking')::uuid;
insert into idempotency_keys (owner, key_hash, fingerprint, answer, created_at)
  values ('bench', uuid_send(gen_random_uuid()), '\\x00', convert_to(repeat('x', 2500), 'utf8'), now());
commit;
`;

async function pgbench(databaseUrl: string, folder: string): Promise<Rate | 'pgbench is not installed'> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  await owner.query(`create table bench_homes as select row_number() over () as n, id from (
    select distinct listing_id as id from quotes where guest_id is null limit ${HOMES}) as homes`);
  await owner.query(
    'create table bench_offers as select row_number() over () as n, id from quotes where guest_id is null limit 5000',
  );
  await owner.query('create unique index on bench_offers (n)');
  await owner.query('analyze');
  await owner.end();
  const script = path.join(folder, 'hold.sql');
  writeFileSync(script, TRANSACTION);
  try {
    const told = execFileSync(
      'pgbench',
      [
        '-n',
        '-M',
        'prepared',
        '-c',
        String(CLIENTS),
        '-j',
        '2',
        '-T',
        String(SECONDS),
        '-f',
        script,
        databaseUrl,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const value = (pattern: RegExp) => Number(pattern.exec(told)?.[1] ?? Number.NaN);
    return {
      perSecond: Math.round(value(/tps = ([\d.]+)/)),
      p50Ms: value(/latency average = ([\d.]+)/),
      p95Ms: Number.NaN,
      failures: value(/number of failed transactions: (\d+)/),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'pgbench is not installed';
    throw error;
  }
}
