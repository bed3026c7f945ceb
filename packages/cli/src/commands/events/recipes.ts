import type { Kitchen } from './kitchen.ts';
import { COMPLETE, type Done, type Recipe } from './recipe.ts';
import { bookings, noBookings, payments } from './recipes-bookings.ts';
import { calendars, noCalendars } from './recipes-calendar.ts';

const DRAFT = { title: COMPLETE.title, roomType: COMPLETE.roomType };

async function draft({ client, signal, afterwards }: Kitchen): Promise<string> {
  const { id } = await client.listings.create(DRAFT, { signal });
  afterwards(() => client.listings.delete(id));
  return id;
}

async function publish({ client, signal, afterwards }: Kitchen): Promise<string> {
  const { id } = await client.listings.create(COMPLETE as never, { signal });
  afterwards(() => client.listings.delete(id));
  await client.listings.publish(id, { signal });
  afterwards(() => client.listings.archive(id));
  return id;
}

const ofListing = (id: string, did: string): Done => ({ did: `${did} ${id}`, subjectId: id });

const listings: Record<string, Recipe> = {
  'listing.created': async (kitchen) => ofListing(await draft(kitchen), 'Created the draft'),
  async 'listing.updated'(kitchen) {
    const id = await draft(kitchen);
    await kitchen.client.listings.update(id, { title: `${DRAFT.title}, and changed` });
    return ofListing(id, 'Changed the title of the draft');
  },
  'listing.published': async (kitchen) => ofListing(await publish(kitchen), 'Published the listing'),
  async 'listing.paused'(kitchen) {
    const id = await publish(kitchen);
    await kitchen.client.listings.pause(id);
    return ofListing(id, 'Paused the listing');
  },
  async 'listing.archived'(kitchen) {
    const id = await draft(kitchen);
    await kitchen.client.listings.archive(id);
    return ofListing(id, 'Archived the draft');
  },
  async 'listing.deleted'({ client }) {
    const { id } = await client.listings.create(DRAFT);
    await client.listings.delete(id);
    return ofListing(id, 'Deleted the draft');
  },
};

const people: Record<string, Recipe> = {
  async 'user.registered'(kitchen) {
    const { id, client, email } = await kitchen.stranger();
    return { did: `Opened an account for ${email}`, subjectId: id, reader: client };
  },
  async 'user.updated'({ client, afterwards }) {
    const { id, displayName } = await client.me.get();
    await client.me.update({ displayName: `${displayName.slice(0, 40)} (triggered)` });
    afterwards(() => client.me.update({ displayName }));
    return { did: 'Changed your name for a moment', subjectId: id };
  },
  async 'user.passwordChanged'(kitchen) {
    const person = await kitchen.stranger();
    const password = `${person.password}-new`;
    await person.client.me.update({ currentPassword: person.password, password });
    person.password = password;
    const reader = await kitchen.signIn(person);
    return { did: `Changed the password of ${person.email}`, subjectId: person.id, reader };
  },
  async 'session.started'(kitchen) {
    const person = await kitchen.stranger();
    await kitchen.signIn(person);
    return { did: `Signed in as ${person.email}`, reader: person.client };
  },
  async 'session.ended'(kitchen) {
    const person = await kitchen.stranger();
    await (await kitchen.signIn(person)).auth.logout();
    return { did: `Signed in as ${person.email}, and out again`, reader: person.client };
  },
};

async function apiKey({ client }: Kitchen): Promise<string> {
  const { id } = await client.apiKeys.create({ name: 'sojourn trigger', scopes: ['listings:read'] });
  return id;
}

const keys: Record<string, Recipe> = {
  async 'apiKey.created'(kitchen) {
    const id = await apiKey(kitchen);
    kitchen.afterwards(() => kitchen.client.apiKeys.revoke(id));
    return { did: `Made the API key ${id}`, subjectId: id };
  },
  async 'apiKey.revoked'(kitchen) {
    const id = await apiKey(kitchen);
    await kitchen.client.apiKeys.revoke(id);
    return { did: `Revoked the API key ${id}`, subjectId: id };
  },
};

/** An endpoint to which nothing is ever sent: it asks for what does not happen to its owner. */
async function endpoint({ client, afterwards }: Kitchen, kept = true): Promise<string> {
  const { id } = await client.webhookEndpoints.create({
    url: 'https://example.com/hooks',
    description: 'made by sojourn trigger',
    types: ['webhookEndpoint.disabled'],
  });
  if (kept) afterwards(() => client.webhookEndpoints.delete(id));
  return id;
}

const ofEndpoint = (id: string, did: string): Done => ({ did: `${did} ${id}`, subjectId: id });

const endpoints: Record<string, Recipe> = {
  'webhookEndpoint.created': async (kitchen) => ofEndpoint(await endpoint(kitchen), 'Created the endpoint'),
  async 'webhookEndpoint.updated'(kitchen) {
    const id = await endpoint(kitchen);
    await kitchen.client.webhookEndpoints.update(id, { description: 'made and changed by sojourn trigger' });
    return ofEndpoint(id, 'Changed the endpoint');
  },
  async 'webhookEndpoint.secretRotated'(kitchen) {
    const id = await endpoint(kitchen);
    await kitchen.client.webhookEndpoints.rotateSecret(id, { overlapHours: 0 });
    return ofEndpoint(id, 'Rotated the secret of the endpoint');
  },
  async 'webhookEndpoint.deleted'(kitchen) {
    const id = await endpoint(kitchen, false);
    await kitchen.client.webhookEndpoints.delete(id);
    return ofEndpoint(id, 'Deleted the endpoint');
  },
};

/** How to make an event of a type happen. A test holds these and the next against the catalogue. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  ...people,
  ...keys,
  ...listings,
  ...calendars,
  ...bookings,
  ...payments,
  ...endpoints,
};

const ADMINS = 'It tells of what an admin does to a queue.';
const PRICING = 'It tells of what an admin decides for the whole marketplace.';

/** Why an event of a type cannot be made to happen. */
export const NO_RECIPE: Readonly<Record<string, string>> = {
  'user.emailVerified': 'It takes the link of a mail. Register, and follow the link in the mailbox.',
  'user.closed': 'A closed account reads no events. An admin sees it: sojourn events tail --all',
  'webhookEndpoint.disabled': 'It takes five days of failures, or an endpoint that answers 410.',
  ...noCalendars,
  ...noBookings,
  'feeSchedule.created': PRICING,
  'policy.created': PRICING,
  'taxRule.created': PRICING,
  'taxRule.ended': PRICING,
  'clock.moved': 'It tells of an admin who moves the time of a sandbox: sojourn admin clock advance 1h',
  'maintenance.started': 'It tells of what an admin starts: sojourn admin maintenance run rebuildSearch',
  'marketplace.moneyDiffers': 'It takes a ledger that is not what Stripe says.',
  'queue.paused': ADMINS,
  'queue.resumed': ADMINS,
  'queue.drained': ADMINS,
  'queue.retried': ADMINS,
  'queue.operated': ADMINS,
};
