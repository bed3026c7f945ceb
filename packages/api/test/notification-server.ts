import { vi } from 'vitest';
import { contextOfProcess } from '../src/platform/context.ts';
import { ensureCursors } from '../src/platform/events/consumption.ts';
import { uuidOf } from '../src/platform/id.ts';
import type { KeptMail } from '../src/platform/mail/mailbox.ts';
import { work } from '../src/surface.ts';
import { startWorker } from '../src/worker.ts';
import { newPerson } from './caller.ts';
import { startTestServer } from './server.ts';

const WINDOW_MS = 10 * 60_000;
const UNLIMITED = { RATE_LIMIT_SIGN_IN_PER_MINUTE: '6000000', REQUIRE_PHOTOS: 'false' };

/** The server with its worker, at the beginning of a window in which notifications collapse, and a clock to move. */
export async function startNotificationServer() {
  const clock = {
    aheadMs: WINDOW_MS - (Date.now() % WINDOW_MS),
    now: () => new Date(Date.now() + clock.aheadMs),
  };
  const server = await startTestServer(UNLIMITED, { clock });
  const { resources } = server;
  const ctx = contextOfProcess(resources, null);
  const { db, mailer } = resources;
  // A consumer begins with what happens after it is first known.
  await ensureCursors(db, [...work.consumers.keys()]);
  const running = new Set([startWorker(resources)]);

  return {
    ...server,
    ctx,
    clock,
    /** While no worker runs. */
    async withoutWorker<T>(during: () => Promise<T>): Promise<T> {
      for (const worker of running) await worker.close();
      running.clear();
      try {
        return await during();
      } finally {
        running.add(startWorker(resources));
      }
    },
    /** A new person with a proved address, signed in. */
    async person({ verified = true } = {}) {
      const person = await newPerson(server);
      const uuid = uuidOf('usr', person.id)!;
      if (verified)
        await db.updateTable('users').set({ email_verified_at: new Date() }).where('id', '=', uuid).execute();
      const { email } = await db
        .selectFrom('users')
        .select('email')
        .where('id', '=', uuid)
        .executeTakeFirstOrThrow();
      return { ...person, uuid, email };
    },
    /** Notifications of a caller once there are as many as told, besides the welcome. */
    async notificationsOf(call: Awaited<ReturnType<typeof newPerson>>['call'], count: number) {
      return vi.waitFor(
        async () => {
          const { body } = await call('GET', '/v1/notifications?limit=100');
          const data = body.data.filter(({ kind }: { kind: string }) => kind !== 'welcome');
          if (data.length !== count) throw new Error(`${data.length} notifications: ${JSON.stringify(data)}`);
          return data;
        },
        { timeout: 15_000, interval: 50 },
      );
    },
    /** Mail about notifications to an address, with their content. */
    async mailTo(address: string): Promise<KeptMail[]> {
      const kept = await mailer.mailbox!.list(1_000);
      const mine = kept.filter(({ to, kind }) => to === address && kind === 'notification');
      return (await Promise.all(mine.map(({ id }) => mailer.mailbox!.get(id)))) as KeptMail[];
    },
    /** Until nothing is on its way: no event without its number, none that the consumer has not taken, no job that is due. */
    async settled() {
      await vi.waitFor(
        async () => {
          const { rows } = await resources.pool.query(
            `select 'outbox' as place, type as what, null as error from outbox
             union all select 'jobs', name, error from jobs where run_at <= $1
             union all select 'events', type, null from events join event_cursors on consumer = 'notifications.notify'
               and events.partition = event_cursors.partition and events.sequence > event_cursors.sequence`,
            [clock.now()],
          );
          if (rows.length > 0)
            throw new Error(`${rows.length} still on their way: ${JSON.stringify(rows.slice(0, 5))}`);
        },
        { timeout: 15_000, interval: 50 },
      );
    },
    async stop() {
      for (const worker of running) await worker.close();
      await server.stop();
    },
  };
}

export type NotificationServer = Awaited<ReturnType<typeof startNotificationServer>>;
