import { addDays } from '@sojourn/shared/nights';
import type { Answer } from '../caller.ts';
import { GUESTS, type Request, type Step } from './steps.ts';
import type { MoneyWorld, Person } from './world.ts';

/** What is charged in currencies without decimals, with two, and with three. */
const HOMES = [
  { currency: 'EUR', price: 10_000, over: {} },
  { currency: 'EUR', price: 9_999, over: { instantBook: false, cancellationPolicy: 'firm' } },
  { currency: 'JPY', price: 11_111, over: { cancellationPolicy: 'flexible' } },
  { currency: 'KWD', price: 40_000, over: { instantBook: false } },
];
const ZONE = 'Europe/Lisbon';
const MOST_RECENT = 6;
/** What a server that lives and is in order may answer. */
const OVER = ['cancelled', 'expired', 'declined', 'completed', 'noShow'];
const REFUSALS = [402, 403, 404, 409, 410, 422];

interface Booked {
  id: string;
  guest: Person;
  host: Person;
  isOver?: boolean;
  alteration?: { id: string; askedBy: 'guest' | 'host' };
}

/** One run: two hosts with four homes, two guests, and what happens to them. */
export async function startStory(world: MoneyWorld, people: { hosts: Person[]; guests: Person[] }) {
  const { admin } = world.credentials;
  const homes: { id: string; host: Person }[] = [];
  for (const [index, { currency, price, over }] of HOMES.entries()) {
    const host = people.hosts[index % people.hosts.length]!;
    const money = (amount: number) => ({ amount, currency });
    const id = await world.home(
      { basePrice: money(price), cleaningFee: money(price / 4 - ((price / 4) % 10)), ...over },
      world.callerOf(host.key),
    );
    homes.push({ id, host });
  }
  const bookings: Booked[] = [];
  const told: string[] = [];
  let stripeFailed = false;

  /** One of the newest bookings; mostly one that is not over. */
  function pick(which: number): Booked | undefined {
    const alive = bookings.filter(({ isOver }) => !isOver);
    const some = (alive.length > 0 && which % 5 !== 0 ? alive : bookings).slice(-MOST_RECENT);
    return some[which % Math.max(1, some.length)];
  }
  const today = () =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(world.clock.at);

  /** Anything but an answer that makes sense is a fault, unless somebody died or Stripe was away. */
  function check(what: string, answer: Answer | undefined): Answer | undefined {
    told.push(
      `  ${what}: ${answer ? `${answer.status} ${answer.body?.code ?? answer.body?.status ?? ''} ${answer.body?.detail ?? ''}` : 'died'}`,
    );
    if (!answer || answer.status < 300 || REFUSALS.includes(answer.status)) return answer;
    if (answer.status === 503 && stripeFailed) return answer;
    throw new Error(`${what} was answered ${answer.status}: ${answer.text}`);
  }

  async function verb(booked: Booked, key: string, name: string, body: unknown, dieAfter?: number) {
    const answer = await world.ask(key, 'POST', `/v1/bookings/${booked.id}/${name}`, body, dieAfter);
    if (answer?.status === 200 && OVER.includes(answer.body.status)) booked.isOver = true;
    return check(`${name} ${booked.id}`, answer);
  }

  async function book(request: Request & { act: 'book' }, dieAfter?: number): Promise<void> {
    const home = homes[request.home]!;
    const guest = people.guests[request.guest % GUESTS]!;
    const checkIn = addDays(today(), request.inDays);
    const stay = { listingId: home.id, guests: 2, checkIn, checkOut: addDays(checkIn, request.nights) };
    const quoted = check('quote', await world.ask(guest.key, 'POST', '/v1/quotes', stay));
    if (quoted?.status !== 201) return;
    const dies = request.card === null ? dieAfter : undefined;
    const made = check(
      'book',
      await world.ask(guest.key, 'POST', '/v1/bookings', { quoteId: quoted.body.id }, dies),
    );
    if (made?.status !== 201) return;
    const booked: Booked = { id: made.body.id, guest, host: home.host };
    bookings.push(booked);
    if (request.card === null) return;
    const paid = await verb(booked, guest.key, 'payment/confirm', { paymentMethod: request.card }, dieAfter);
    if (request.taken && paid?.body.status === 'requested')
      await verb(booked, home.host.key, 'accept', undefined);
  }

  async function priceOf({
    id,
    guest,
  }: Booked): Promise<{ amount: number; currency: string; checkOut: string }> {
    const { body } = (await world.ask(guest.key, 'GET', `/v1/bookings/${id}`))!;
    return { ...body.total, checkOut: body.checkOut };
  }

  async function ask(request: Request, dieAfter?: number): Promise<void> {
    if (request.act === 'book') return book(request, dieAfter);
    if (request.act === 'openAccount')
      return openAccount(people.hosts[request.host]!, request.complete, dieAfter);
    const booked = pick(request.which);
    if (!booked) return;
    const { guest, host } = booked;
    switch (request.act) {
      case 'pay':
        await verb(booked, guest.key, 'payment/confirm', { paymentMethod: request.card }, dieAfter);
        return;
      case 'checkout': {
        const urls = {
          successUrl: 'https://app.example.com/paid',
          cancelUrl: 'https://app.example.com/back',
        };
        await verb(booked, guest.key, 'payment/checkout', urls, dieAfter);
        return;
      }
      case 'answer':
        await verb(
          booked,
          host.key,
          request.yes ? 'accept' : 'decline',
          request.yes ? undefined : {},
          dieAfter,
        );
        return;
      case 'cancel': {
        const key = { guest: guest.key, host: host.key, admin: admin.apiKey }[request.by];
        const { amount, currency } = await priceOf(booked);
        const decided = request.by === 'admin' && request.refund !== null;
        const refund = decided && {
          refund: { amount: Math.floor((amount * request.refund!) / 100), currency },
        };
        await verb(booked, key, 'cancel', { reason: 'So it is.', ...refund }, dieAfter);
        return;
      }
      case 'alter': {
        const key = request.by === 'guest' ? guest.key : host.key;
        const { checkOut } = await priceOf(booked);
        const answer = await verb(
          booked,
          key,
          'alterations',
          { checkOut: addDays(checkOut, request.nights) },
          dieAfter,
        );
        if (answer?.status !== 201) return;
        booked.alteration = { id: answer.body.id, askedBy: request.by };
        if (request.reply) await answerAlteration(booked, request.reply, dieAfter);
        return;
      }
      case 'answerAlteration':
        return answerAlteration(booked, request.how, dieAfter);
      case 'refund': {
        const { amount, currency } = await priceOf(booked);
        const wanted = { amount: Math.ceil((amount * request.part) / 100), currency };
        const key = request.by === 'host' ? host.key : admin.apiKey;
        await verb(
          booked,
          key,
          'refunds',
          { amount: wanted, reason: 'The heating.', paidBy: request.paidBy },
          dieAfter,
        );
        return;
      }
      case 'stay':
        await verb(booked, host.key, request.what, undefined, dieAfter);
        return;
    }
  }

  async function answerAlteration(
    booked: Booked,
    how: 'accept' | 'decline' | 'withdraw',
    dieAfter?: number,
  ): Promise<void> {
    if (!booked.alteration) return;
    const { id, askedBy } = booked.alteration;
    const byGuest = (how === 'withdraw') === (askedBy === 'guest');
    const { key } = byGuest ? booked.guest : booked.host;
    await verb(booked, key, `alterations/${id}/${how}`, undefined, dieAfter);
  }

  async function openAccount(host: Person, complete: boolean, dieAfter?: number): Promise<void> {
    const answer = await world.ask(host.key, 'POST', '/v1/payout-account', { country: 'PT' }, dieAfter);
    check('payout-account', answer);
    if (!complete) return;
    await world.control('faults');
    for (const id of await accounts()) await world.control(`accounts/${id}/complete`);
  }

  const ours = people.hosts.map(({ id }) => id);
  const accounts = async (): Promise<string[]> => {
    const { data } = await world.stripe.accounts.list({ limit: 100 });
    return data.filter(({ metadata }) => ours.includes(metadata?.host ?? '')).map(({ id }) => id);
  };
  const ofOurs = <T extends { metadata?: Record<string, string> | null }>(items: readonly T[]): T[] => {
    const ids = new Set(bookings.map(({ id }) => id));
    return items.filter(({ metadata }) => ids.has(metadata?.booking ?? ''));
  };

  /** What happens at Stripe without us. */
  async function bank({ what, which }: Step & { do: 'bank' }): Promise<void> {
    const { stripe, control } = world;
    const intents = async () => ofOurs((await stripe.paymentIntents.list({ limit: 100 })).data);
    const charges = async () => {
      const ids = new Set((await intents()).map(({ id }) => id));
      return (await stripe.charges.list({ limit: 100 })).data.filter(({ payment_intent: id }) =>
        ids.has(String(id)),
      );
    };
    const disputes = async () => {
      const ids = new Set((await charges()).map(({ id }) => id));
      return (await stripe.disputes.list({ limit: 100 })).data.filter(({ charge }) =>
        ids.has(String(charge)),
      );
    };
    const one = async <T extends { id: string }>(
      list: readonly T[],
      path: (id: string) => string,
      body = {},
    ) => {
      // Stripe tells the newest first.
      const found = list[which % Math.max(1, Math.min(list.length, MOST_RECENT))];
      const answer = found && (await control(path(found.id), body));
      told.push(`  ${what} ${found?.id ?? 'nothing'}${answer ? '' : ', refused'}`);
    };
    switch (what) {
      case 'authenticate':
      case 'refuse': {
        const waiting = (await intents()).filter(({ status }) => status === 'requires_action');
        const body = { succeed: what === 'authenticate' };
        return one(waiting, (id) => `payment_intents/${id}/authenticate`, body);
      }
      case 'payOnPage': {
        const { data } = await stripe.checkout.sessions.list({ limit: 100 });
        const open = data.filter(({ status }) => status === 'open');
        return one(open, (id) => `checkout/sessions/${id}/pay`, { payment_method: 'pm_card_visa' });
      }
      case 'dispute': {
        const taken = (await charges()).filter(({ captured }) => captured);
        return one(taken, (id) => `charges/${id}/dispute`);
      }
      case 'win':
      case 'lose':
        return one(await disputes(), (id) => `disputes/${id}/decide`, { won: what === 'win' });
      case 'refundByHand': {
        // Somebody in the office, at the dashboard of Stripe.
        const charge = (await charges()).find(({ captured, refunded }) => captured && !refunded);
        const left = charge ? charge.amount - charge.amount_refunded : 0;
        const amount = Math.ceil((left * ((which % 3) + 1)) / 3 / 10) * 10;
        const made =
          charge && (await stripe.refunds.create({ charge: charge.id, amount }).catch(() => undefined));
        told.push(`  ${what} ${amount} of ${charge?.id ?? 'nothing'}${made ? '' : ', refused'}`);
        return;
      }
      case 'failRefund': {
        const ids = new Set((await charges()).map(({ id }) => id));
        const { data } = await stripe.refunds.list({ limit: 100 });
        return one(
          data.filter(({ charge }) => ids.has(String(charge))),
          (id) => `refunds/${id}/fail`,
        );
      }
      case 'closeAccount':
      case 'completeAccount':
      case 'payOut': {
        const verbs = { closeAccount: 'close', completeAccount: 'complete', payOut: 'pay_out' };
        const all = (await accounts()).map((id) => ({ id }));
        return one(all, (id) => `accounts/${id}/${verbs[what]}`);
      }
    }
  }

  async function whileStripe(fails: (Step & { do: 'ask' })['stripeFails'], work: () => Promise<void>) {
    if (fails) await world.control('faults', { [fails.how]: fails.times });
    stripeFailed = fails !== undefined;
    await work();
    stripeFailed = false;
    if (fails) await world.control('faults');
  }

  async function pass(ms: number, working: boolean): Promise<void> {
    const until = world.clock.at.getTime() + ms;
    if (working) {
      // The worker looks every few seconds; here a few times on the way.
      for (const share of [4, 2, 4 / 3]) {
        world.clock.at = new Date(until - ms + ms / share);
        await world.runByClock();
        await world.workOnce();
      }
    }
    world.clock.at = new Date(until);
  }

  return {
    bookings,
    told,
    /** @throws when somebody is answered what makes no sense */
    async take(step: Step): Promise<void> {
      told.push(`${world.clock.at.toISOString()} ${JSON.stringify(step)}`);
      switch (step.do) {
        case 'ask':
          return whileStripe(step.stripeFails, () => ask(step.request, step.dieAfter));
        case 'askAtOnce':
          await Promise.all([ask(step.request), ask(step.other)]);
          return;
        case 'work':
          return whileStripe(step.stripeFails, async () => {
            await world.workOnce({ most: step.most, dieAfter: step.dieAfter });
          });
        case 'byClock':
          await world.runByClock([world.byClock[step.name]!], step.dieAfter);
          return;
        case 'hear':
          await world.control('webhooks', {
            duplicates: step.duplicates,
            shuffle: step.shuffle,
            paused: true,
          });
          return world.hearStripe(step.dieAfter);
        case 'wait':
          return pass(step.ms, step.working);
        case 'bank':
          return bank(step);
      }
    },
    async rest(): Promise<string[]> {
      told.push('rest');
      return world.faults();
    },
  };
}
