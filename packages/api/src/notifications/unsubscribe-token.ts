import type { Keyring } from '../platform/secrets.ts';

const PURPOSE = 'notifications-unsubscribe';

/**
 * What the link to unsubscribe of a mail carries: whom it is for and of what, sealed by the marketplace, so that nobody
 * can make one for somebody else. It does nothing but switch that one kind of mail off, and so it never expires.
 */
export const unsubscribeTokenFor = (keyring: Keyring, userId: string, kind: string): string =>
  keyring.seal(Buffer.from(JSON.stringify([userId, kind])), PURPOSE).toString('base64url');

/** Undefined when the marketplace did not make it. */
export function readUnsubscribeToken(
  keyring: Keyring,
  token: string,
): { userId: string; kind: string } | undefined {
  const opened = keyring.open(Buffer.from(token, 'base64url'), PURPOSE);
  if (!opened) return undefined;
  const [userId, kind] = JSON.parse(opened.toString()) as [string, string];
  return { userId, kind };
}
