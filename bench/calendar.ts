import { addDays } from '@sojourn/shared/nights';
import { factsQuery } from '../packages/api/src/calendar/repository/facts.ts';
import { uuidOf } from '../packages/api/src/platform/id.ts';
import { type ServerProcess, startBare } from './lab.ts';
import { inTurns } from './load.ts';

const WEEKS = 104;
const LISTING = {
  title: 'Loft',
  description: 'Two quiet rooms.',
  roomType: 'entirePlace',
  capacity: 2,
  location: { latitude: 38.72, longitude: -9.14 },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 10_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
  photos: [{ url: 'https://images.example.com/a.jpg' }],
};

/** Two years of a calendar in which every week has a price, a rule and a block; beside its one statement bare. */
export async function benchCalendar(server: ServerProcess, databaseUrl: string) {
  const from = new Date().toISOString().slice(0, 10);
  const to = addDays(from, 7 * WEEKS);
  const id = await fullCalendar(server, from);
  const bare = await startBare('http-pg', databaseUrl, [factsQuery(uuidOf('lst', id)!, { from, to })]);
  try {
    return await inTurns({
      ours: {
        url: server.url,
        path: `/v1/listings/${id}/calendar?from=${from}&to=${to}`,
        pid: server.process.pid!,
      },
      'node:http + pg': { url: bare.url, path: '/', pid: bare.pid },
    });
  } finally {
    await bare.stop();
  }
}

async function fullCalendar({ url, credentials }: ServerProcess, first: string): Promise<string> {
  const call = async (method: string, path: string, body: unknown = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${credentials.host.apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json() as Promise<{ id: string }>;
  };
  const { id } = await call('POST', '/v1/listings', LISTING);
  await call('POST', `/v1/listings/${id}/publish`);
  const ranges = Array.from({ length: WEEKS }, (_, week) => {
    const day = (offset: number) => addDays(first, 7 * week + offset);
    return [
      { from: day(0), to: day(3), price: { amount: 10_000 + week, currency: 'EUR' }, minNights: 2 },
      { from: day(4), to: day(6), blocked: true },
    ];
  }).flat();
  await call('PUT', `/v1/listings/${id}/calendar`, { ranges });
  return id;
}
