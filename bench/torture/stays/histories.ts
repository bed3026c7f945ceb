import pg from 'pg';
import { uuidOf } from '../../../packages/api/src/platform/id.ts';
import type { ServerProcess } from '../../lab.ts';
import { explain, type Operation } from './history.ts';
import {
  type Ask,
  book,
  cancel,
  day,
  faultsOf,
  insisting,
  isFaultless,
  newHome,
  pay,
  pick,
  quote,
  wait,
} from './world.ts';

const NIGHTS = 6;
const CLIENTS_PER_HOME = 4;

/**
 * R12 and R5: clients book, pay, cancel and read a few nights of a few listings while the server is killed again and
 * again. One order of all operations on a listing explains every answer, and everything acknowledged is there.
 */
export async function histories(
  start: () => Promise<ServerProcess>,
  databaseUrl: string,
  { homes, seconds, kills }: { homes: number; seconds: number; kills: number },
) {
  let server = await start();
  const current = () => server;
  const host = insisting(current, server.credentials.host.apiKey);
  const guest = insisting(current, server.credentials.admin.apiKey);
  const listings: { id: string; history: Operation[]; live: Set<string> }[] = [];
  for (let i = 0; i < homes; i += 1) listings.push({ id: await newHome(host), history: [], live: new Set() });
  const until = performance.now() + seconds * 1_000;
  const clients = listings.flatMap(({ id, history, live }) =>
    Array.from({ length: CLIENTS_PER_HOME }, async () => {
      const own: string[] = [];
      while (performance.now() < until) {
        await turn(guest, id, own, history, live);
        await wait(Math.random() * 30);
      }
    }),
  );
  const readyMs: number[] = [];
  for (let i = 0; i < kills; i += 1) {
    await wait(Math.max(200, (seconds * 1_000) / (kills + 1) - (readyMs.at(-1) ?? 0)));
    await server.stop('SIGKILL');
    const started = performance.now();
    server = await start();
    readyMs.push(Math.round(performance.now() - started));
  }
  await Promise.all(clients);
  await server.stop();
  const unexplained = listings.filter(({ history }) => !explain(history, NIGHTS)).length;
  const lost = await countLost(
    databaseUrl,
    listings.flatMap(({ live }) => [...live]),
  );
  const faults = await faultsOf(databaseUrl);
  return {
    kills,
    operations: listings.reduce((sum, { history }) => sum + history.length, 0),
    listings: homes,
    unexplained,
    acknowledgedLive: listings.reduce((sum, { live }) => sum + live.size, 0),
    lost,
    slowestReadyMs: Math.max(0, ...readyMs),
    faults,
    holds:
      unexplained === 0 &&
      lost === 0 &&
      isFaultless(faults) &&
      readyMs.every((milliseconds) => milliseconds <= 5_000),
  };
}

async function turn(
  guest: Ask,
  listingId: string,
  own: string[],
  history: Operation[],
  live: Set<string>,
): Promise<void> {
  const chance = Math.random();
  const askedAt = performance.now();
  if (chance < 0.3) {
    const { body } = await guest(
      'GET',
      `/v1/listings/${listingId}/calendar?from=${day(0)}&to=${day(NIGHTS)}`,
    );
    // To admins the calendar tells why a night is not free; free it is for everybody alike.
    const free = body.days.map(({ available }: { available: boolean }) => available);
    history.push({ kind: 'read', free, askedAt, answeredAt: performance.now() });
    return;
  }
  if (chance < 0.6 && own.length > 0) {
    const booking = pick(own);
    own.splice(own.indexOf(booking), 1);
    const { status } = await cancel(guest, booking);
    if (status === 200) live.delete(booking);
    history.push({
      kind: 'cancel',
      booking,
      done: status === 200,
      askedAt,
      answeredAt: performance.now(),
    });
    return;
  }
  const first = Math.floor(Math.random() * NIGHTS);
  const last = Math.min(NIGHTS - 1, first + Math.floor(Math.random() * 3));
  const nights = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const offered = await quote(guest, listingId, day(first), day(last + 1));
  if (offered.status !== 201) {
    history.push({
      kind: 'book',
      booking: 'refused',
      nights,
      taken: true,
      askedAt,
      answeredAt: performance.now(),
    });
    return;
  }
  const bookedAt = performance.now();
  const { status, body } = await book(guest, offered.body.id);
  history.push({
    kind: 'book',
    booking: status === 201 ? body.id : 'refused',
    nights,
    taken: status !== 201,
    askedAt: bookedAt,
    answeredAt: performance.now(),
  });
  if (status !== 201) return;
  own.push(body.id);
  live.add(body.id);
  if (Math.random() < 0.5) await pay(guest, body.id);
}

async function countLost(databaseUrl: string, bookingIds: readonly string[]): Promise<number> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ there: number }>(
    `select count(*)::int as there from bookings where id = any($1::uuid[]) and status in ('held', 'confirmed')`,
    [bookingIds.map((id) => uuidOf('bkg', id))],
  );
  await owner.end();
  return bookingIds.length - rows[0]!.there;
}
