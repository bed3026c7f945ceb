import type Stripe from 'stripe';
import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { uuidOf } from '../../platform/id.ts';
import { applyTransfer } from './apply-transfer.ts';
import { refreshAccount } from './refresh-account.ts';
import { isGone } from './refusal.ts';
import { applyReversal } from './reverse.ts';

/** What Stripe told of accounts or transfers. */
export interface Heard {
  type: string;
  /** The connected account that it is about. */
  account: string | null;
  objectId: string | null;
}

/** Takes in that something became of an account or a transfer: asks Stripe how it stands now, whatever the news said. */
export async function hearStripe(ctx: Context, { type, account, objectId }: Heard): Promise<void> {
  const accountId = account ?? objectId;
  if (type.startsWith('account.') && accountId?.startsWith('acct_')) await refreshAccount(ctx, accountId);
  if (type.startsWith('transfer.') && objectId?.startsWith('tr_')) await refreshTransfer(ctx, objectId);
}

async function refreshTransfer(ctx: Context, transferId: string): Promise<void> {
  const transfer = await retrieve(ctx, transferId);
  const payoutId = transfer && uuidOf('pyo', transfer.metadata.payout ?? '');
  if (!transfer || !payoutId) return;
  await applyTransfer(ctx, payoutId, transfer);
  for (const reversal of transfer.reversals?.data ?? []) {
    const { success, data: reversalId } = z.uuid().safeParse(reversal.metadata?.reversal);
    if (success) await applyReversal(ctx, reversalId, reversal);
  }
}

async function retrieve({ stripe }: Context, id: string): Promise<Stripe.Transfer | undefined> {
  try {
    return await stripe.client.transfers.retrieve(id, {
      expand: ['balance_transaction', 'reversals.data.balance_transaction'],
    });
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
