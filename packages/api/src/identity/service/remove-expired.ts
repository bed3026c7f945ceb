import type { Context } from '../../platform/context.ts';
import { removeExpiredEmailTokens } from '../repository/email-tokens.ts';
import { removeOldPasswordFailures } from '../repository/password-failures.ts';
import { removeExpiredSessions } from '../repository/sessions.ts';

/** Forgets what can no longer be used or counted. */
export async function removeExpired({ db, clock }: Context): Promise<void> {
  await removeOldPasswordFailures(db, clock.now());
  await removeExpiredSessions(db, clock.now());
  await removeExpiredEmailTokens(db, clock.now());
}
