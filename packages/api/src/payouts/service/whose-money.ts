import { actorOf, type Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { insufficientScope } from '../../platform/problems.ts';
import { canReadMoneyOf } from '../policy.ts';

/**
 * Whose money is asked for: the caller's own unless somebody else's is named, which only staff may look into. Undefined
 * when it is the id of nobody.
 */
export function whoseMoney(ctx: Context, hostId: string | undefined): string | undefined {
  const actor = actorOf(ctx);
  if (hostId === undefined) return actor.userId;
  const id = uuidOf('usr', hostId);
  if (!canReadMoneyOf(actor, id ?? ''))
    throw insufficientScope({
      detail: 'The money of others is for staff to look into, with the scope "admin".',
    });
  return id;
}
