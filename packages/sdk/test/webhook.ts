import type { WebhookEvent } from '../src/webhooks/event.ts';

export const event: WebhookEvent = {
  sequence: 41,
  id: 'evt_1',
  type: 'listing.published',
  occurredAt: '2026-11-25T10:00:00.000Z',
  actor: { id: 'usr_1', apiKeyId: null },
  subject: { type: 'listing', id: 'lst_1' },
  data: { externalId: 'loft-12', title: 'Sunny loft “Zażółć” 🏡', status: 'published', version: 4 },
  previous: { status: 'draft' },
};

/** What a call throws; a call that succeeds is a failure of the test. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('It succeeded.');
}
