import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Seen, sendJson, sendProblem, startServer } from '../../test/server.ts';
import { Sojourn } from '../client.ts';
import { AbortError, ConnectionError, NotFoundError, ServerError } from '../problem.ts';
import type { TailOptions } from './events.ts';

// The jitter is at its luckiest: no wait but those that servers ask for.
beforeAll(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

const queryOf = ({ url }: Seen) => Object.fromEntries(new URL(url, 'http://x').searchParams);
const page = (response: ServerResponse, sequences: number[], lastSequence = sequences.at(-1) ?? 0) =>
  sendJson(response, 200, {
    data: sequences.map((sequence) => ({ sequence, id: `evt_${sequence}`, type: 'listing.published' })),
    nextCursor: null,
    lastSequence,
  });

/** The sequences of the first so many events of a tail. */
async function first(count: number, baseUrl: string, options: TailOptions): Promise<number[]> {
  const seen: number[] = [];
  const sojourn = new Sojourn({ baseUrl });
  for await (const { sequence } of sojourn.events.tail(options)) if (seen.push(sequence) === count) break;
  return seen;
}

describe('a tail', () => {
  test('finds the end first, then waits from there on, past what is not for it', async () => {
    await using server = await startServer((_, response, turn) => {
      if (turn === 1) page(response, [], 40);
      else if (turn === 2) page(response, [42, 43], 50);
      else page(response, [51]);
    });
    const types = ['listing.published', 'user.*'];
    expect(await first(3, server.url, { types, all: true })).toEqual([42, 43, 51]);
    const shared = { types: 'listing.published,user.*', all: 'true', limit: '100' };
    expect(server.seen.map(queryOf)).toEqual([
      { ...shared, after: 'latest', wait: '0' },
      { ...shared, after: '40', wait: '25' },
      { ...shared, after: '50', wait: '25' },
    ]);
  });

  test('overcomes lost connections, restarts and answers that come broken: nothing twice, nothing missed', async () => {
    const interruptions: unknown[] = [];
    await using server = await startServer((_, response, turn) => {
      if (turn === 1) page(response, [1, 2]);
      else if (turn === 2) response.destroy();
      else if (turn === 3) sendProblem(response, 503, 'overloaded');
      else if (turn === 4)
        response.writeHead(200, { 'content-length': '1000' }).write('{"data":[', () => response.destroy());
      else if (turn === 5) sendProblem(response, 429, 'too_many_waiting', { 'retry-after': '1' });
      else page(response, [3, 4]);
    });
    const seen = await first(4, server.url, {
      after: 0,
      onInterruption: (error, retryIn) => interruptions.push([error.constructor.name, retryIn]),
    });
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(server.seen.map((one) => queryOf(one).after)).toEqual(['0', '2', '2', '2', '2', '2']);
    expect(interruptions).toEqual([
      [ConnectionError.name, 0],
      [ServerError.name, 0],
      [ConnectionError.name, 0],
      ['RateLimitError', 1_000],
    ]);
  });

  test('does not turn in circles when the server answers at once', async () => {
    await using server = await startServer((_, response, turn) =>
      page(response, turn < 4 ? [] : [9], 8 + +(turn > 3)),
    );
    const started = performance.now();
    expect(await first(1, server.url, { after: 8 })).toEqual([9]);
    expect(performance.now() - started).toBeGreaterThan(1_400);
  });

  test('ends with what no waiting mends', async () => {
    await using server = await startServer((_, response) => sendProblem(response, 410, 'events_expired'));
    await expect(first(1, server.url, { after: 1 })).rejects.toThrow(NotFoundError);
    expect(server.seen).toHaveLength(1);
  });

  test.each(['while it waits for the server', 'while it waits to try again'])('stops %s', async (when) => {
    const stop = new AbortController();
    await using server = await startServer((_, response) => {
      if (when.endsWith('again')) sendProblem(response, 503, 'overloaded', { 'retry-after': '30' });
      setTimeout(() => stop.abort('enough'), 50);
    });
    const failure = await first(1, server.url, { after: 1, signal: stop.signal }).catch((error) => error);
    expect(failure).toBeInstanceOf(AbortError);
    expect(failure.cause).toBe('enough');
  });
});

test('a list goes from page to page, and tells where to go on', async () => {
  await using server = await startServer((seen, response) => {
    const { cursor } = queryOf(seen);
    const data = [{ sequence: cursor ? 2 : 1, type: 'listing.published' }];
    sendJson(response, 200, { data, nextCursor: cursor ? null : 'more', lastSequence: cursor ? 7 : 1 });
  });
  const { events } = new Sojourn({ baseUrl: server.url });
  const seen = await Array.fromAsync(events.list({ after: 0, types: 'listing.*' }));
  expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(server.seen.map(queryOf)).toEqual([
    { after: '0', types: 'listing.*' },
    { after: '0', types: 'listing.*', cursor: 'more' },
  ]);
  expect((await events.list({ cursor: 'more' }).page()).lastSequence).toBe(7);
});
