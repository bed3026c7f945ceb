import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { migrateToLatest } from '../packages/api/src/platform/db/migrate.ts';
import { redisServer } from '../packages/api/test/programs.ts';
import { startTestRedis } from '../packages/api/test/redis.ts';
import { openLab, startServer, startStripe, startWorker } from './lab.ts';
import { cleanStop, crashes } from './torture/crash.ts';
import { enumeration } from './torture/enumeration.ts';
import { type Blow, storm } from './torture/events/storm.ts';
import { exhaustion, slowClients } from './torture/exhaustion.ts';
import { limitsThroughProcesses } from './torture/limits.ts';
import { money } from './torture/money/money.ts';
import { news } from './torture/money/news.ts';
import { unanswered } from './torture/money/unanswered.ts';
import { histories } from './torture/stays/histories.ts';
import { mix } from './torture/stays/mix.ts';
import { race } from './torture/stays/race.ts';

// The long fault tests, in full numbers. Each prints what it saw; the exit code is 1 when one does not hold.
// All of them, or with `npm run torture -- nights` those whose name holds one of the words.
const words = process.argv.slice(2);
const lab = await openLab();
const results: Record<string, { holds: boolean }> = {};

async function record(name: string, work: () => Promise<{ holds: boolean }>): Promise<void> {
  if (words.length > 0 && !words.some((word) => name.includes(word))) return;
  process.stdout.write(`${name} … `);
  const result = await work();
  results[name] = result;
  process.stdout.write(`${result.holds ? 'holds' : 'DOES NOT HOLD'}\n  ${JSON.stringify(result)}\n`);
}

try {
  const databaseUrl = await lab.createDatabase('torture');
  await record('kill -9 of the server, 50 times', () => crashes(lab.folder, databaseUrl, 4_701, 50));
  const stripe = await startStripe(lab.folder, 4_702);
  const server = await startServer(lab.folder, databaseUrl, 4_702, stripe.settings);
  await record('a thousand slow requests', () => exhaustion(server, databaseUrl));
  await record('slow heads and bodies', () => slowClients(server));
  await record('what a stopwatch tells of an address', () => enumeration(server));
  await record('a clean stop under load', () => cleanStop(server));
  await record('limits through three processes', () =>
    limitsThroughProcesses(lab.folder, databaseUrl, 4_703, stripe),
  );
  await server.stop();

  const stays = await lab.createDatabase('stays');
  const stripeOfStays = await startStripe(lab.folder, 4_711);
  const servers = [
    await startServer(lab.folder, stays, 4_711, stripeOfStays.settings),
    await startServer(lab.folder, stays, 4_712, { ...stripeOfStays.settings, WORKER: 'off' }),
    await startServer(lab.folder, stays, 4_713, { ...stripeOfStays.settings, WORKER: 'off' }),
  ];
  await record('200 guests who want the same nights, 50 rounds, three servers', () =>
    race(servers, stays, { clients: 200, rounds: 50 }),
  );
  await record('a minute of 64 clients who want nights of 20 listings, three servers', () =>
    mix(servers, stays, { clients: 64, listings: 20, seconds: 60 }),
  );
  for (const one of servers) await one.stop();
  const killed = await lab.createDatabase('histories');
  const stripeOfKilled = await startStripe(lab.folder, 4_714);
  await record('ten minutes of nights sold and freed, kill -9 of the server 50 times', () =>
    histories(() => startServer(lab.folder, killed, 4_714, stripeOfKilled.settings), killed, {
      homes: 8,
      seconds: 600,
      kills: 50,
    }),
  );

  const moving = await lab.createDatabase('money');
  const stripeOfMoney = await startStripe(lab.folder, 4_715);
  const settings = { ...stripeOfMoney.settings, FIRST_PAYOUT_HOLD_DAYS: '0' };
  await record('five minutes of money and time moved, kill -9 of server and worker 50 times', () =>
    money({
      databaseUrl: moving,
      stripe: stripeOfMoney,
      startServer: () => startServer(lab.folder, moving, 4_715, { ...settings, WORKER: 'off' }),
      startWorker: () => startWorker(lab.folder, moving, settings),
      homes: 12,
      clients: 12,
      seconds: 300,
      kills: 50,
    }),
  );
  const paying = await lab.createDatabase('paying');
  const stripeOfPaying = await startStripe(lab.folder, 4_716);
  const payee = await startServer(lab.folder, paying, 4_716, stripeOfPaying.settings);
  const bank = { databaseUrl: paying, stripe: stripeOfPaying };
  await record('money: 1,000 payments whose answers are mostly lost', () => unanswered(payee, bank, 1_000));
  await record('money: each webhook five times, in any order, some forged or stale', () =>
    news(payee, bank, 300),
  );
  await payee.stop();

  for (const one of [stripe, stripeOfStays, stripeOfKilled, stripeOfMoney, stripeOfPaying]) await one.stop();

  const stormy = async (name: string, blows: readonly Blow[], redisUrl?: string) => {
    const url = await lab.createDatabase(name);
    await migrateToLatest(url, path.join(import.meta.dirname, '../packages/api/migrations'));
    return storm({
      folder: lab.folder,
      databaseUrl: url,
      ...(redisUrl ? { redisUrl } : {}),
      events: 10_000,
      writers: 16,
      blows,
    });
  };
  const kills = (count: number): Blow[] => Array.from({ length: count }, () => 'kill');
  await record('10,000 events, workers killed ten times, PostgreSQL alone', () =>
    stormy('storm_kills', kills(10)),
  );
  await record('10,000 events, workers killed 50 times and frozen for 40 s', () =>
    stormy('storm_freezes', [...kills(25), 40_000, ...kills(25), 40_000]),
  );
  if (redisServer) {
    const redis = await startTestRedis();
    const restart = async () => {
      await redis.kill();
      await redis.start();
    };
    await record('10,000 events, workers killed ten times, on Redis', () =>
      stormy('storm_redis_kills', kills(10), redis.url),
    );
    await record('10,000 events, Redis emptied and killed 20 times', () =>
      stormy(
        'storm_redis_blows',
        Array.from({ length: 20 }, (_, i) => (i % 2 ? restart : () => redis.flush())),
        redis.url,
      ),
    );
    await redis.remove();
  }
} finally {
  await lab.close();
}
const folder = path.join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, 'torture.json'), `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = Object.values(results).every(({ holds }) => holds) ? 0 : 1;
