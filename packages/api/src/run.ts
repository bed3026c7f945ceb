import path from 'node:path';
import { type RunningEmulator, startEmulator } from '@sojourn/stripe-emulator/emulator';
import { createApp } from './app.ts';
import { seedDemo } from './demo.ts';
import { type Clock, movableClock, systemClock } from './platform/clock.ts';
import { type Config, ConfigError, readConfig } from './platform/config.ts';
import { type RunningServer, serve } from './platform/http/server.ts';
import { emulatedStripe } from './platform/stripe/client.ts';
import { type OpenedResources, openResources, secretsOf } from './resources.ts';
import { type RunningWorker, startWorker } from './worker.ts';

/** The whole life of a server process: settings, resources, demo, serving, and a clean stop. */
export async function runServer(): Promise<void> {
  const stop = stopSignal();
  let resources: OpenedResources | undefined;
  let server: RunningServer | undefined;
  let worker: RunningWorker | undefined;
  let emulator: RunningEmulator | undefined;
  try {
    const settings = readConfig();
    const clock = settings.mode === 'sandbox' ? movableClock() : systemClock;
    const emulated = settings.stripe ? undefined : await emulate(settings, clock);
    emulator = emulated?.emulator;
    const config = emulated?.config ?? settings;
    resources = await openResources(config, { clock });
    server = await serve(createApp(resources), config);
    emulator?.sendEventsTo(
      `http://127.0.0.1:${server.port}/v1/stripe/webhook`,
      resources.stripe.webhookSecret!,
    );
    const url = config.publicUrl ?? `http://localhost:${server.port}`;
    if (config.seedDemo) await seedDemo(resources, url);
    if (config.worker === 'inline') worker = startWorker(resources);
    resources.lifecycle.ready = true;
    greet(config, url);
    const signal = await stop;
    say(`\n${signal} received: finishing open requests…`);
    resources.lifecycle.ready = false;
  } catch (error) {
    say(`\n${explain(error)}`);
    process.exitCode = 1;
  } finally {
    await Promise.all([server?.close(), worker?.close()]);
    await emulator?.close();
    await resources?.close();
  }
  // A second signal while stopping, or a handle left open, must not keep the process.
  process.exit();
}

/** A sandbox without keys of Stripe has its money moved by an emulator beside it, which keeps its state in the data folder. */
async function emulate(config: Config, clock: Clock): Promise<{ emulator: RunningEmulator; config: Config }> {
  const [secret] = await secretsOf(config);
  const { secretKey } = emulatedStripe(secret, '');
  const emulator = await startEmulator({
    port: config.stripeEmulatorPort,
    secretKey,
    clock,
    journal: path.join(config.dataDir, 'stripe.jsonl'),
  });
  return { emulator, config: { ...config, stripe: emulatedStripe(secret, emulator.url) } };
}

/** The whole life of a process that only does background work. */
export async function runWorker(): Promise<void> {
  const stop = stopSignal();
  let resources: OpenedResources | undefined;
  let worker: RunningWorker | undefined;
  try {
    resources = await openResources(readConfig());
    worker = startWorker(resources);
    say('The worker is ready.');
    say(`\n${await stop} received: finishing running jobs…`);
  } catch (error) {
    say(`\n${explain(error)}`);
    process.exitCode = 1;
  } finally {
    await worker?.close();
    await resources?.close();
  }
  process.exit();
}

/** The first signal stops cleanly, the second at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(signal);
      });
  });
}

const say = (text: string) => process.stdout.write(`${text}\n`);

function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof ConfigError) return error.message;
  if (code === 'EADDRINUSE') {
    const { port } = error as NodeJS.ErrnoException & { port: number };
    return `Port ${port} is taken by another program. Stop it, or choose another port: PORT=${port + 1} npm start`;
  }
  if (code === 'EACCES')
    return `The port may not be opened by this user. Choose one above 1023, such as PORT=4000.`;
  if (code === 'ECONNREFUSED')
    return 'The database at DATABASE_URL does not answer. Is it running, and is the address right?';
  return error instanceof Error ? error.message : String(error);
}

function greet({ mode, seedDemo: demo }: Config, url: string): void {
  const next = demo
    ? `
In another terminal, in this folder:

  npx sojourn login --dev
  npx sojourn listings import examples/listings.csv --publish
  npx sojourn search --place Lisbon --guests 2 --currency EUR --sort price
`
    : '';
  say(`
Sojourn (${mode}) is ready at ${url}

  API reference  ${url}/docs
  OpenAPI        ${url}/openapi.json
${next}
Ctrl-C stops it; the data is kept.`);
}
