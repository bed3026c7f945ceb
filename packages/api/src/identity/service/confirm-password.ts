import type { Context } from '../../platform/context.ts';
import { hashPassword } from '../password-hash.ts';
import { wrongPassword } from '../problems.ts';
import { readPasswordHash } from '../repository/accounts.ts';
import { passwordTry } from './password-tries.ts';

/**
 * Makes sure that whoever holds the session also knows the password, sent at `pointer`. Tries are counted as those of
 * signing in are.
 */
export async function confirmPassword(
  ctx: Context,
  userId: string,
  password: string,
  pointer: string,
): Promise<void> {
  const right = await passwordTry(ctx, `user:${userId}`, async () => {
    const stored = (await readPasswordHash(ctx.db, userId)) ?? '';
    const head = stored.slice(0, stored.lastIndexOf('$') + 1);
    return stored === (await hashPassword(ctx, password, head)) || undefined;
  });
  if (!right)
    throw wrongPassword({
      detail: `${pointer}: is not your password.`,
      errors: [{ pointer, code: 'wrong_password', message: 'is not your password' }],
    });
}
