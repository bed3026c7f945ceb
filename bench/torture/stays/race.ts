import type { ServerProcess } from '../../lab.ts';
import { count } from '../exhaustion.ts';
import { asking, book, day, faultsOf, isFaultless, newHome, quote } from './world.ts';

/** R1: each round many guests want overlapping dates of one listing at once, through all servers. One gets them. */
export async function race(
  servers: readonly ServerProcess[],
  databaseUrl: string,
  { clients, rounds }: { clients: number; rounds: number },
) {
  const { host, admin } = servers[0]!.credentials;
  const hostAsks = asking(servers[0]!, host.apiKey);
  const guests = servers.map((server) => asking(server, admin.apiKey));
  const answers: string[] = [];
  let roundsWithOneWinner = 0;
  const slowestMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const listingId = await newHome(hostAsks);
    const quotes = await Promise.all(
      Array.from({ length: clients }, (_, index) =>
        quote(guests[index % guests.length]!, listingId, day(index % 4), day(6)),
      ),
    );
    const started = performance.now();
    const replies = await Promise.all(
      quotes.map(({ body }, index) => book(guests[index % guests.length]!, body.id)),
    );
    slowestMs.push(Math.round(performance.now() - started));
    answers.push(...replies.map(({ status, body }) => (status === 201 ? '201' : `${status} ${body.code}`)));
    if (replies.filter(({ status }) => status === 201).length === 1) roundsWithOneWinner += 1;
  }
  const faults = await faultsOf(databaseUrl);
  const expected = ['201', '409 dates_unavailable'];
  return {
    rounds,
    roundsWithOneWinner,
    answers: count(answers),
    slowestRoundMs: Math.max(...slowestMs),
    faults,
    holds:
      roundsWithOneWinner === rounds &&
      answers.every((answer) => expected.includes(answer)) &&
      isFaultless(faults),
  };
}
