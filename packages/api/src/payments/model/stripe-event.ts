import type Stripe from 'stripe';

/** What Stripe tells about, whatever happened to it: how it stands is read anew. */
export const LOOKED_AT = ['payment_intent', 'charge', 'refund', 'dispute', 'checkout.session'] as const;
export type LookedAt = (typeof LOOKED_AT)[number];

const KINDS_BY_PREFIX: ReadonlyMap<string, LookedAt> = new Map([
  ['ch', 'charge'],
  ['py', 'charge'],
  ['re', 'refund'],
  ['pyr', 'refund'],
  ['dp', 'dispute'],
  ['du', 'dispute'],
]);

/** What an id of Stripe names, of that which is looked at. */
export const kindOfId = (id: string): LookedAt | undefined => KINDS_BY_PREFIX.get(id.split('_', 1)[0]!);

/** Of an event of Stripe, all that is believed of it. Its shape depends on the version that the account had back then. */
export interface StripeEvent {
  id: string;
  type: string;
  /** The connected account that it happened in; null for the marketplace's own. */
  account: string | null;
  objectType: string | null;
  objectId: string | null;
  createdAt: Date;
  /** As it came, without secrets. */
  payload: unknown;
}

/** What becomes of an event. */
export type EventOutcome = 'applied' | 'handedOn' | 'ignored';

const FOR_PAYOUTS = /^(?:account|transfer)\./;

/** Who takes an event: payments themselves, those who pay hosts, or nobody. What happens in connected accounts is theirs. */
export function takerOf({ type, account, objectType, objectId }: StripeEvent): 'payments' | 'payouts' | null {
  if (FOR_PAYOUTS.test(type)) return 'payouts';
  if (account !== null || objectId === null) return null;
  return LOOKED_AT.includes(objectType as LookedAt) ? 'payments' : null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** An event whose signature was verified; undefined when it is none. */
export function stripeEventOf(given: Stripe.Event): StripeEvent | undefined {
  const id = textOf(given?.id);
  const type = textOf(given?.type);
  const object: { id?: unknown; object?: unknown } | undefined = given?.data?.object;
  if (id === null || type === null || typeof object !== 'object' || object === null) return undefined;
  return {
    id,
    type,
    account: textOf(given.account),
    objectType: textOf(object.object),
    objectId: textOf(object.id),
    createdAt: new Date(Number(given.created) * 1_000),
    payload: withoutSecrets(given),
  };
}

/** Everything but the secrets with which a browser pays. */
const withoutSecrets = (given: unknown): unknown =>
  JSON.parse(JSON.stringify(given, (name, value) => (name === 'client_secret' ? undefined : value)));
