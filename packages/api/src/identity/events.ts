import { z } from 'zod';
import { SCOPES } from '../platform/actor.ts';
import { eventType } from '../platform/events/event.ts';
import { publicId } from '../platform/id.ts';

// None tells an address, a network address or any secret. The name of a person goes from old events when the account is
// closed (repository/past-events.ts looks for `displayName`).

const displayName = z.string().meta({ description: 'What other people see.' });
const role = z.enum(['user', 'support', 'admin']);
const userId = z.string().meta({ description: 'Whose it is.' });
const keyName = z.string().meta({ description: 'By which its owner tells it from others.' });

export const userRegistered = eventType({
  type: 'user.registered',
  subject: 'user',
  summary: 'Somebody opened an account.',
  data: z.object({ displayName, emailVerified: z.boolean() }),
});
export const userUpdated = eventType({
  type: 'user.updated',
  subject: 'user',
  summary: 'The name or the role of an account changed.',
  data: z.object({ displayName, role }),
  previous: z.object({ displayName, role }).partial(),
});
export const userEmailVerified = eventType({
  type: 'user.emailVerified',
  subject: 'user',
  summary: 'Somebody proved that the address of their account is theirs.',
  data: z.object({}),
});
export const userPasswordChanged = eventType({
  type: 'user.passwordChanged',
  subject: 'user',
  summary: 'An account has a new password.',
  data: z.object({
    how: z.enum(['changed', 'reset', 'operator']).meta({
      description: 'With the old password, by a link in a mail, or by those who run the server.',
    }),
  }),
});
export const userClosed = eventType({
  type: 'user.closed',
  subject: 'user',
  summary: 'An account was closed for good.',
  data: z.object({}),
});
export const sessionStarted = eventType({
  type: 'session.started',
  subject: 'session',
  summary: 'Somebody signed in.',
  data: z.object({ userId }),
});
export const sessionEnded = eventType({
  type: 'session.ended',
  subject: 'session',
  summary: 'A session was ended, by signing out or otherwise. One that merely expires is not told.',
  data: z.object({
    userId,
    reason: z.enum(['logout', 'revoked', 'reuse', 'passwordChanged', 'accountClosed']),
  }),
});
export const apiKeyCreated = eventType({
  type: 'apiKey.created',
  subject: 'apiKey',
  summary: 'Somebody made an API key.',
  data: z.object({
    userId,
    name: keyName,
    scopes: z.array(z.enum(SCOPES)),
    expiresAt: z.iso.datetime().nullable(),
  }),
});
export const apiKeyRevoked = eventType({
  type: 'apiKey.revoked',
  subject: 'apiKey',
  summary: 'An API key was revoked for good.',
  data: z.object({ userId, name: keyName }),
});

export const identityEvents = [
  userRegistered,
  userUpdated,
  userEmailVerified,
  userPasswordChanged,
  userClosed,
  sessionStarted,
  sessionEnded,
  apiKeyCreated,
  apiKeyRevoked,
];

/** What events about a person have in common. */
export const aboutUser = (id: string) => ({ subjectId: id, audience: [id] });

/** What events about a thing of a person have in common, and the member that tells whose it is. */
export const aboutThingOf = (ownerId: string, id: string) => ({ subjectId: id, audience: [ownerId] });
export const ownedBy = (ownerId: string) => ({ userId: publicId('usr', ownerId) });
