import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
/** For a busy machine; at rest it takes half a minute. */
const PATIENCE_MS = 180_000;

test('npm run demo tells the whole story, every step of it true', { timeout: PATIENCE_MS }, async () => {
  const demo = spawn(process.execPath, ['scripts/demo.mjs'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  });
  const closed = new Promise((resolve) => demo.once('close', resolve));
  const [told, failure, code] = await Promise.all([text(demo.stdout), text(demo.stderr), closed]);
  expect({ code, failure }).toEqual({ code: 0, failure: '' });
  const checked = told.split('\n').filter((line) => line.startsWith('✓ '));
  for (const truth of [
    'the host has the money, 24 hours after the check-in',
    'the guest got back exactly what was shown before cancelling',
    'of every stay, what was paid is the host’s, the marketplace’s, the tax office’s or given back',
    'the ledger and Stripe agree to the cent',
  ])
    expect(checked).toContain(`✓ ${truth}`);
  expect(told).toContain('All of it was true.');
});
