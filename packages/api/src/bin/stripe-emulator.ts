import path from 'node:path';
import { startEmulator } from '@sojourn/stripe-emulator/emulator';

// A stand-in for Stripe in a process of its own, for a sandbox that runs in several: packages/stripe-emulator/README.md.
const {
  STRIPE_SECRET_KEY: secretKey,
  STRIPE_WEBHOOK_SECRET: secret,
  STRIPE_EMULATOR_HOST: host = '127.0.0.1',
  STRIPE_EMULATOR_PORT: port = '4010',
  STRIPE_EMULATOR_WEBHOOK_URL: webhookUrl,
  SOJOURN_DATA_DIR: dataDir,
} = process.env;

if (!secretKey?.startsWith('sk_test_')) {
  process.stderr.write('STRIPE_SECRET_KEY: is required, sk_test_… of your choice\n');
  process.exit(1);
}
const emulator = await startEmulator({
  host,
  port: Number(port),
  secretKey,
  ...(webhookUrl && secret && { webhook: { url: webhookUrl, secret } }),
  ...(dataDir && { journal: path.join(dataDir, 'stripe.jsonl') }),
});
process.stdout.write(`The emulator of Stripe is at ${emulator.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void emulator.close().finally(() => process.exit()));
}
