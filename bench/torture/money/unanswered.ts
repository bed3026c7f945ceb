import type { ServerProcess } from '../../lab.ts';
import { count } from '../exhaustion.ts';
import { asking, book, day, newHome, quote } from '../stays/world.ts';
import { type Bank, controlling, faultsAtRest, listAtStripe } from './bank.ts';

const AT_ONCE = 20;
const NIGHTS_OF_A_HOME = 300;
const DROPPED = 0.7;
const REST_MS = 120_000;

interface Intent {
  id: string;
  status: string;
  metadata: { booking?: string };
}

/**
 * R9: guests pay while Stripe does what it is asked for and most of its answers are lost. Each booking has one intent and
 * at most one charge, and in the end is confirmed, or over with its money given back.
 */
export async function unanswered(server: ServerProcess, bank: Omit<Bank, 'admin'>, bookings: number) {
  const { stripe } = bank;
  const host = asking(server, server.credentials.host.apiKey);
  const guest = asking(server, server.credentials.admin.apiKey);
  const control = controlling(stripe);
  const ids: string[] = [];
  for (let from = 0; from < bookings; from += NIGHTS_OF_A_HOME) {
    const home = await newHome(host);
    for (let night = 0; night < NIGHTS_OF_A_HOME && ids.length < bookings; night += 1) {
      const { body } = await quote(guest, home, day(night), day(night + 1));
      ids.push((await book(guest, body.id)).body.id);
    }
  }
  await control('faults', { dropAnswer: String(DROPPED), paths: ['/v1/'] });
  const answers: string[] = [];
  const waiting = [...ids];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        const paid = await guest('POST', `/v1/bookings/${id}/payment/confirm`, {
          paymentMethod: 'pm_card_visa',
        });
        answers.push(`${paid.status} ${paid.body.code ?? paid.body.status}`);
        // In the middle of it the holds of all that is not paid by then expire.
        if (answers.length === Math.floor(bookings / 2))
          await guest('POST', '/v1/admin/clock', { advance: '16m' });
      }
    }),
  );
  await control('faults');
  const faults = await faultsAtRest({ ...bank, admin: guest }, REST_MS);
  const intents = Map.groupBy(
    await listAtStripe<Intent>(stripe, 'payment_intents'),
    ({ metadata }) => metadata.booking,
  );
  const own = ids.map((id) => intents.get(id) ?? []);
  const statuses: string[] = [];
  for (const id of ids) statuses.push((await guest('GET', `/v1/bookings/${id}`)).body.status);
  const doubled = own.filter((made) => made.filter(({ status }) => status === 'succeeded').length > 1).length;
  const intentsOfMost = Math.max(...own.map((made) => made.length));
  return {
    bookings: ids.length,
    answers: count(answers),
    statuses: count(statuses),
    doubled,
    intentsOfMost,
    faultCount: faults.length,
    faults: faults.slice(0, 20),
    holds:
      doubled === 0 &&
      intentsOfMost <= 2 &&
      faults.length === 0 &&
      statuses.every((status) => status === 'confirmed' || status === 'expired') &&
      answers.every((answer) => !answer.startsWith('500')),
  };
}
