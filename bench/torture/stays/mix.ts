import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { uuidOf } from '../../../packages/api/src/platform/id.ts';
import type { ServerProcess } from '../../lab.ts';
import { count } from '../exhaustion.ts';
import {
  type Ask,
  asking,
  book,
  cancel,
  day,
  faultsOf,
  isFaultless,
  newHome,
  pay,
  pick,
  quote,
  type Reply,
} from './world.ts';

const HORIZON_DAYS = 60;
const random = (below: number) => Math.floor(Math.random() * below);

interface Feed {
  listingId: string;
  feedId: string;
}

/**
 * R2: clients book, pay, cancel, alter, block, unblock and let feeds be read, all at once on a few listings. Afterwards
 * no two stays overlap, and what lives is what was acknowledged.
 */
export async function mix(
  servers: readonly ServerProcess[],
  databaseUrl: string,
  { clients, listings, seconds }: { clients: number; listings: number; seconds: number },
) {
  const { host, admin } = servers[0]!.credentials;
  const hosts = servers.map((server) => asking(server, host.apiKey));
  const guests = servers.map((server) => asking(server, admin.apiKey));
  const channel = await openChannel();
  const homes: string[] = [];
  for (let i = 0; i < listings; i += 1) homes.push(await newHome(hosts[0]!));
  const feeds: Feed[] = [];
  for (const listingId of homes) {
    const { body } = await hosts[0]!('POST', `/v1/listings/${listingId}/calendar-feeds`, {
      name: 'channel',
      url: channel.url,
    });
    feeds.push({ listingId, feedId: body.id });
  }
  const answers: string[] = [];
  const live = new Set<string>();
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      const guest = noting(guests[index % guests.length]!, answers);
      const byHost = noting(hosts[index % hosts.length]!, answers);
      const own: string[] = [];
      while (performance.now() < until) await act({ guest, byHost, homes, feeds, own, live });
    }),
  );
  channel.close();
  const stored = await liveStays(databaseUrl);
  const lost = [...live].filter((id) => !stored.has(uuidOf('bkg', id)!)).length;
  const faults = await faultsOf(databaseUrl);
  const broken = answers.filter((answer) => answer.startsWith('5'));
  return {
    operations: answers.length,
    answers: count(answers),
    acknowledgedStays: live.size,
    storedStays: stored.size,
    lost,
    faults,
    holds: broken.length === 0 && lost === 0 && stored.size === live.size && isFaultless(faults),
  };
}

const noting =
  (ask: Ask, answers: string[]): Ask =>
  async (...request) => {
    const reply = await ask(...request);
    answers.push(reply.status < 300 ? String(reply.status) : `${reply.status} ${reply.body?.code}`);
    return reply;
  };

interface Turn {
  guest: Ask;
  byHost: Ask;
  homes: readonly string[];
  feeds: readonly Feed[];
  own: string[];
  live: Set<string>;
}

async function act({ guest, byHost, homes, feeds, own, live }: Turn): Promise<void> {
  const from = random(HORIZON_DAYS);
  const range = { from: day(from), to: day(from + 1 + random(5)) };
  const chance = Math.random();
  if (chance < 0.45) {
    const offered = await quote(guest, pick(homes), range.from, range.to);
    if (offered.status !== 201) return;
    const booked = await book(guest, offered.body.id);
    if (booked.status !== 201) return;
    own.push(booked.body.id);
    live.add(booked.body.id);
    if (Math.random() < 0.7) await pay(guest, booked.body.id);
    return;
  }
  if (chance < 0.7 && own.length > 0) {
    const [id] = own.splice(random(own.length), 1);
    const ended: Reply = await cancel(guest, id!);
    if (ended.status === 200) live.delete(id!);
    return;
  }
  if (chance < 0.8 && own.length > 0) {
    const id = pick(own);
    const asked = await guest('POST', `/v1/bookings/${id}/alterations`, {
      checkIn: range.from,
      checkOut: range.to,
      guests: 2,
    });
    if (asked.status !== 201) return;
    const accepted = await byHost('POST', `/v1/bookings/${id}/alterations/${asked.body.id}/accept`, {});
    if (accepted.status !== 200)
      await guest('POST', `/v1/bookings/${id}/alterations/${asked.body.id}/withdraw`, {});
    return;
  }
  if (chance < 0.93) {
    await byHost('PUT', `/v1/listings/${pick(homes)}/calendar`, {
      ranges: [{ ...range, blocked: Math.random() < 0.5 }],
    });
    return;
  }
  const { listingId, feedId } = pick(feeds);
  await byHost('POST', `/v1/listings/${listingId}/calendar-feeds/${feedId}/sync`, {});
}

/** A channel whose calendar is another one each time that it is read. */
async function openChannel() {
  const server = createServer((_, answer) => {
    const compact = (date: string) => date.replaceAll('-', '');
    const events = Array.from({ length: 1 + random(6) }, (_, index) => {
      const from = random(HORIZON_DAYS);
      return [
        'BEGIN:VEVENT',
        `UID:${index}-${random(1_000)}@channel`,
        `DTSTART;VALUE=DATE:${compact(day(from))}`,
        `DTEND;VALUE=DATE:${compact(day(from + 1 + random(4)))}`,
        'SUMMARY:Reserved',
        'END:VEVENT',
      ];
    });
    answer.setHeader('Content-Type', 'text/calendar');
    answer.end(
      ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//channel//EN', ...events.flat(), 'END:VCALENDAR', ''].join(
        '\r\n',
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calendar.ics`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function liveStays(databaseUrl: string): Promise<Set<string>> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const { rows } = await owner.query<{ id: string }>(
    `select b.id from bookings b join listings l on l.id = b.listing_id
     where b.status in ('held', 'requested', 'confirmed', 'checkedIn')
       and exists (select from feeds where feeds.listing_id = l.id)`,
  );
  await owner.end();
  return new Set(rows.map(({ id }) => id));
}
