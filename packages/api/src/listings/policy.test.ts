import { LISTING_STATUSES } from '@sojourn/shared/vocabulary';
import { describe, expect, test } from 'vitest';
import type { Actor, Role, Scope } from '../platform/actor.ts';
import { canChange, canRead, canReadWhole } from './policy.ts';

const actor = (userId: string, role: Role, ...scopes: Scope[]): Actor => ({
  userId,
  role,
  scopes: new Set(scopes),
  sessionId: null,
  apiKeyId: null,
});
const LISTINGS: Scope[] = ['listings:read', 'listings:write'];

const callers = {
  nobody: null,
  host: actor('host', 'user', ...LISTINGS),
  'host, other scopes': actor('host', 'user', 'profile:read'),
  'host, reading': actor('host', 'user', 'listings:read'),
  'host, writing': actor('host', 'user', 'listings:write'),
  'another host': actor('other', 'user', ...LISTINGS),
  support: actor('staff', 'support', ...LISTINGS, 'admin'),
  admin: actor('staff', 'admin', ...LISTINGS, 'admin'),
  'admin without the scope': actor('staff', 'admin', ...LISTINGS),
};
type Caller = keyof typeof callers;

const READS_WHOLE: Caller[] = ['host', 'host, reading', 'support', 'admin'];
const CHANGES: Caller[] = ['host', 'host, writing', 'admin'];

describe.each(Object.keys(callers) as Caller[])('%s', (caller) => {
  test.each(LISTING_STATUSES)('with a %s listing', (status) => {
    const listing = { hostId: 'host', status };
    const whole = READS_WHOLE.includes(caller);
    expect(canReadWhole(callers[caller], listing), 'reads all of it').toBe(whole);
    expect(canRead(callers[caller], listing), 'reads it').toBe(
      whole || status === 'published' || status === 'paused',
    );
    expect(canChange(callers[caller], listing), 'changes it').toBe(CHANGES.includes(caller));
  });
});
