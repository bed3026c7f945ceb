import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, openEmulated, pay } from '../test/emulated.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

async function start(journal: string) {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../test/journal-child.ts'), journal],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { stripe: clientOf(Number(line.toString())), child };
}

/** Does what a marketplace does, at random, and remembers what was acknowledged. */
async function work(stripe: Stripe, acknowledged: Map<string, unknown>): Promise<never> {
  const remember = <T extends { id: string }>(object: T): T => {
    acknowledged.set(object.id, { ...object });
    return object;
  };
  const account = remember(await stripe.accounts.create({ type: 'express' }));
  for (;;) {
    const intent = remember(
      await pay(stripe, { capture_method: Math.random() < 0.3 ? 'manual' : 'automatic' }),
    );
    if (intent.status === 'requires_capture') remember(await stripe.paymentIntents.capture(intent.id));
    else if (Math.random() < 0.5)
      remember(await stripe.refunds.create({ payment_intent: intent.id, amount: 100 }));
    remember(await stripe.customers.create({ metadata: { text: 'ünïcödé 🏝' } }));
    remember(await stripe.accounts.update(account.id, { metadata: { intent: intent.id } }));
  }
}

async function retrieve(stripe: Stripe, id: string): Promise<unknown> {
  const kinds: Record<string, (id: string) => Promise<unknown>> = {
    pi: (one) => stripe.paymentIntents.retrieve(one),
    re: (one) => stripe.refunds.retrieve(one),
    cus: (one) => stripe.customers.retrieve(one),
    acct: (one) => stripe.accounts.retrieve(one),
  };
  return kinds[id.split('_')[0]!]!(id);
}

const plain = (object: unknown) => JSON.parse(JSON.stringify(object)) as Record<string, unknown>;

describe('the journal', () => {
  test('has all that was acknowledged when the process is killed', { timeout: 60_000 }, async () => {
    const journal = path.join(folder, 'killed.jsonl');
    const acknowledged = new Map<string, unknown>();
    for (let round = 0; round < 3; round += 1) {
      const { stripe, child } = await start(journal);
      const workers = Array.from({ length: 4 }, () => work(stripe, acknowledged).catch(() => undefined));
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * 400));
      child.kill('SIGKILL');
      await Promise.all(workers);
    }
    const { stripe, child } = await start(journal);
    expect(acknowledged.size).toBeGreaterThan(50);
    for (const [id, object] of acknowledged) {
      const { metadata: was, ...before } = plain(object);
      const { metadata: is, ...after } = plain(await retrieve(stripe, id));
      expect(after).toEqual(before);
      // A later change of an account may have been written without its answer being heard.
      if (!id.startsWith('acct')) expect(is).toEqual(was);
    }
    const transactions = await stripe.balanceTransactions
      .list({ limit: 100 })
      .autoPagingToArray({ limit: 10_000 });
    const { available } = await stripe.balance.retrieve();
    expect(available[0]!.amount).toBe(transactions.reduce((sum, { net }) => sum + net, 0));
    child.kill('SIGKILL');
  });

  test('drops a line that was not written to its end, and is compacted', async () => {
    const journal = path.join(folder, 'deeper', 'torn.jsonl');
    const first = await openEmulated({ journal });
    const { id } = await first.stripe.customers.create({});
    for (let time = 0; time < 20; time += 1) await first.stripe.customers.update(id, { metadata: { time } });
    await first.heard();
    await first.close();
    const before = await readFile(journal, 'utf8');
    await appendFile(journal, '[["customer","cus_torn",{"id":"cus_to');
    const second = await openEmulated({ journal });
    expect(await second.stripe.customers.retrieve(id)).toMatchObject({ metadata: { time: '19' } });
    expect((await second.stripe.customers.list()).data).toHaveLength(1);
    expect((await readFile(journal, 'utf8')).length).toBeLessThan(before.length);
    expect((await stat(journal)).mode & 0o777).toBe(0o600);
    await second.close();
  });

  test('says so when it is broken elsewhere than at its end', async () => {
    const journal = path.join(folder, 'broken.jsonl');
    await writeFile(journal, '{"half\n[]\n');
    await expect(openEmulated({ journal })).rejects.toThrow('line 1');
  });

  test('remembers keys, and what nobody has taken yet', async () => {
    const journal = path.join(folder, 'kept.jsonl');
    const first = await openEmulated({ journal });
    await first.control('webhooks', { paused: true });
    const made = await first.stripe.customers.create({ name: 'x' }, { idempotencyKey: 'kept' });
    await first.close();
    expect(first.receiver.events).toEqual([]);
    const second = await openEmulated({ journal });
    const again = await second.stripe.customers.create({ name: 'x' }, { idempotencyKey: 'kept' });
    expect(again.id).toBe(made.id);
    expect(await second.heard()).toEqual(['customer.created']);
    await second.close();
  });

  test('is left alone by an emulator whose port is taken', async () => {
    const journal = path.join(folder, 'owned.jsonl');
    const first = await openEmulated({ journal });
    await expect(openEmulated({ journal, port: first.emulator.port })).rejects.toThrow('EADDRINUSE');
    const { id } = await first.stripe.customers.create({});
    await first.close();
    const second = await openEmulated({ journal });
    await second.stripe.customers.retrieve(id);
    await second.close();
  });
});
