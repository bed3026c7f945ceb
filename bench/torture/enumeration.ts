import { randomBytes } from 'node:crypto';
import type { ServerProcess } from '../lab.ts';

const PASSWORD = 'harbour-lantern-42';
const WRONG_PASSWORD = 'harbour-lantern-43';
const TOLERANCE = 0.05;

type Kind = 'known' | 'crowded' | 'unknown';

/**
 * S4: what a stopwatch tells of an address: one that has an account, one that carries five (somebody tries to make the
 * difference bigger), and one that has none. Median milliseconds of signing in with a wrong password and of registering,
 * the three taken in turn and in changing order, so that whatever else the machine does hits all alike.
 */
export async function enumeration({ url }: ServerProcess, addresses = 500) {
  const run = randomBytes(4).toString('hex');
  const emailOf = (kind: Kind, i: number) => `${kind}-${run}-${i}@example.com`;
  for (let i = 0; i < addresses; i++) {
    await register(url, emailOf('known', i));
    for (let n = 0; n < 5; n++) await register(url, emailOf('crowded', i));
  }
  const login = await inTurn(addresses, (kind, i) =>
    post(`${url}/v1/auth/login`, { email: emailOf(kind, i), password: WRONG_PASSWORD }),
  );
  // Last, since it makes the unknown addresses known.
  const registration = await inTurn(addresses, (kind, i) => register(url, emailOf(kind, i)));
  return { addresses, login, registration, holds: login.holds && registration.holds };
}

async function inTurn(addresses: number, act: (kind: Kind, i: number) => Promise<{ told: string }>) {
  const times: Record<Kind, number[]> = { known: [], crowded: [], unknown: [] };
  const answers = new Set<string>();
  const orders: Kind[][] = [
    ['known', 'crowded', 'unknown'],
    ['unknown', 'known', 'crowded'],
    ['crowded', 'unknown', 'known'],
  ];
  for (let i = 0; i < addresses; i++) {
    for (const kind of orders[i % orders.length]!) {
      const started = performance.now();
      const { told } = await act(kind, i);
      times[kind].push(performance.now() - started);
      answers.add(told);
    }
  }
  const [known, crowded, unknown] = [medianOf(times.known), medianOf(times.crowded), medianOf(times.unknown)];
  const off = Math.max(Math.abs(known - unknown), Math.abs(crowded - unknown)) / unknown;
  return {
    known,
    crowded,
    unknown,
    off,
    differentAnswers: answers.size,
    holds: off <= TOLERANCE && answers.size === 1,
  };
}

const medianOf = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

const register = (url: string, email: string) =>
  post(`${url}/v1/auth/register`, { email, password: PASSWORD, displayName: 'Robin' });

/** The answer without what differs between any two: ids, tokens, instants and the address that was sent. */
async function post(url: string, body: Record<string, string>): Promise<{ told: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = JSON.stringify(await answer.json(), (name, value) =>
    ['requestId', 'id', 'email', 'accessToken', 'refreshToken', 'createdAt', 'updatedAt'].includes(name)
      ? typeof value
      : value,
  );
  return { told: `${answer.status} ${text}` };
}
