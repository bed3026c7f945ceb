export const SCOPES = [
  'listings:read',
  'listings:write',
  'calendar:read',
  'calendar:write',
  'bookings:read',
  'bookings:write',
  'payouts:read',
  'payouts:write',
  'profile:read',
  'profile:write',
  'keys:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'notifications:read',
  'notifications:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];
export type Role = 'user' | 'support' | 'admin';

/** Who asks. Anonymous callers have no actor. */
export interface Actor {
  userId: string;
  role: Role;
  scopes: ReadonlySet<Scope>;
  /** One of the two is set: the session of an access token, or the API key. */
  sessionId: string | null;
  apiKeyId: string | null;
}
