import type { Context, Tx } from '../../platform/context.ts';
import { emitAll } from '../../platform/events/emit.ts';
import { enqueueAll } from '../../platform/jobs/enqueue.ts';
import { newsOf, payoutPaid } from '../events.ts';
import { transfer } from '../jobs.ts';
import { deduct } from '../model/deduction.ts';
import { insertPayouts } from '../repository/planning.ts';
import {
  listOpenDebts,
  lockAccountsOf,
  lockDuePayouts,
  payDebts,
  putOff,
  readOnlyCharges,
  sendOff,
} from '../repository/sending.ts';

const CHUNK = 100;
/** How many payouts without an account are put off at once, and for how long, in milliseconds. */
const PUT_OFF_AT_ONCE = 1_000;
const PUT_OFF_MS = 3_600_000;

/** Sends off the payouts whose time has come, a chunk in a transaction of its own, and another while the last was full. */
export async function sendDue(ctx: Context, signal: AbortSignal): Promise<void> {
  await putOffWithoutAccount(ctx, signal);
  while (!signal.aborted) {
    const taken = await ctx.db.transaction().execute((tx) => sendChunk(ctx, tx));
    if (taken < CHUNK) return;
  }
}

async function putOffWithoutAccount({ db, clock }: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const now = clock.now();
    const until = new Date(now.getTime() + PUT_OFF_MS);
    if ((await putOff(db, now, until, PUT_OFF_AT_ONCE)) < PUT_OFF_AT_ONCE) return;
  }
}

/** @returns how many were taken; others may be taken by other workers at the same time */
async function sendChunk(ctx: Context, tx: Tx): Promise<number> {
  const now = ctx.clock.now();
  const due = await lockDuePayouts(tx, now, CHUNK);
  if (due.length === 0) return 0;
  const hostIds = [...new Set(due.map(({ hostId }) => hostId))];
  const accounts = await lockAccountsOf(tx, hostIds);
  const going = due.filter(({ hostId }) => accounts.has(hostId));
  if (going.length === 0) return 0;
  const { sendings, deductions } = deduct(going, await listOpenDebts(tx, hostIds));
  const charges = await readOnlyCharges(
    tx,
    going.map(({ bookingId }) => bookingId),
  );
  const sent = await sendOff(
    tx,
    sendings.map(({ payout, amount, deducted }) => ({
      id: payout.id,
      amount,
      deducted,
      stripeAccountId: accounts.get(payout.hostId)!,
      // What was refused once may have been refused for its charge.
      sourceCharge: payout.failure === 'refused' ? null : (charges.get(payout.bookingId) ?? null),
    })),
    now,
  );
  await payDebts(tx, deductions);
  await insertPayouts(
    ctx,
    tx,
    sendings
      .filter(({ leftOver }) => leftOver > 0)
      .map(({ payout, leftOver }) => ({ ...payout, amount: leftOver })),
  );
  await enqueueAll(
    ctx,
    tx,
    transfer,
    sent
      .filter(({ status }) => status === 'processing')
      .map(({ id }) => ({ payload: { payoutId: id }, key: id })),
  );
  await emitAll(ctx, tx, payoutPaid, sent.filter(({ status }) => status === 'paid').map(newsOf));
  return due.length;
}
