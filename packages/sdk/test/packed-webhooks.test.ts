import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, realpath, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateWebhookSecret } from '../src/webhooks/secret.ts';
import { signWebhook } from '../src/webhooks/signature.ts';
import { COMPILERS, type Consumer, compile, openConsumer, run, SDK } from './consumer.ts';
import { blocksOf, inFunction } from './examples.ts';
import { sendJson, startServer } from './server.ts';
import { event } from './webhook.ts';

// `@sojourn/sdk/webhooks` as users get it, and the guide to it.

let consumer: Consumer;

beforeAll(async () => {
  consumer = await openConsumer();
  // Express with all that it needs stays where it is installed; the project sees it under its name.
  for (const name of ['express', '@types/express']) {
    const installed = await realpath(join(SDK, 'node_modules', name));
    await symlink(installed, join(consumer.root, 'node_modules', name));
  }
}, 120_000);

afterAll(() => consumer[Symbol.asyncDispose]());

const secret = generateWebhookSecret();
const body = JSON.stringify(event);
const environment = { ...process.env, SOJOURN_WEBHOOK_SECRET: secret };

test.each([
  ['ESM', 'mjs', "const webhooks = await import('@sojourn/sdk/webhooks');"],
  ['CommonJS', 'cjs', "const webhooks = require('@sojourn/sdk/webhooks');"],
])('loads as %s where there is neither undici nor anything else', async (_, extension, load) => {
  const root = join(consumer.root, '..', `alone ${extension}`);
  await cp(join(consumer.root, 'node_modules/@sojourn'), join(root, 'node_modules/@sojourn'), {
    recursive: true,
  });
  const program = join(root, `main.${extension}`);
  // Where pnpm starts the tests, this leads CommonJS to all that is installed in the repository.
  const env = { ...process.env, NODE_PATH: '' };
  const names = 'console.log(Object.keys(webhooks).sort().join());';
  await writeFile(program, `${load}\n${names}\n`);
  expect((await run(process.execPath, [program], { env })).stdout.trim()).toBe(
    'WebhookVerificationError,generateWebhookSecret,signWebhook,verifyWebhook,webhookHandler',
  );
  // The proof that undici would be missed.
  await writeFile(program, load.replace('/webhooks', ''));
  await expect(run(process.execPath, [program], { env })).rejects.toThrow("'undici'");
});

test('is an error like all of the SDK, in ESM and CommonJS', async () => {
  const program = `import { SojournError } from '@sojourn/sdk';
import { verifyWebhook, type WebhookEvent } from '@sojourn/sdk/webhooks';
try {
  const event: WebhookEvent = verifyWebhook('{}', {}, 'whsec_');
  console.log(event.sequence);
} catch (error) {
  console.log(error instanceof SojournError && error.name);
}
`;
  const root = await consumer.project('errors', { 'main.mts': program, 'main.cts': program });
  await compile(COMPILERS['TypeScript 7'], root);
  for (const file of ['main.mjs', 'main.cjs']) {
    const { stdout } = await run(process.execPath, [join(root, 'out', file)]);
    expect(stdout.trim()).toBe('WebhookVerificationError');
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Tries until the program listens, or ended without. */
async function deliver(port: number, sent: string, ended: AbortSignal): Promise<number> {
  const headers = signWebhook({ id: 'msg_1', body, secret });
  for (;;) {
    ended.throwIfAborted();
    try {
      return (await fetch(`http://127.0.0.1:${port}/hooks`, { method: 'POST', headers, body: sent })).status;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Runs a receiver, delivers to it what is signed and what is forged, and gives what it printed. */
async function receive(program: string, port: number): Promise<{ statuses: number[]; printed: string }> {
  const child = spawn(process.execPath, [program], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new AbortController();
  child.on('exit', (code) => ended.abort(new Error(`${program} ended with ${code}.`)));
  const printed = text(child.stdout);
  const statuses: number[] = [];
  try {
    for (const sent of [body, `${body} `]) statuses.push(await deliver(port, sent, ended.signal));
  } finally {
    child.kill();
  }
  return { statuses, printed: await printed };
}

describe('the examples of the guide to webhooks', async () => {
  const port = await freePort();
  // What a server answers to an endpoint that is made, and to its test.
  const sojourn = await startServer((_, response) =>
    sendJson(response, 201, { id: 'whk_1', secret, state: 'delivered', attempts: [{ detail: null }] }),
  );
  afterAll(() => sojourn[Symbol.asyncDispose]());
  const blocks = (await blocksOf(new URL('../../../docs/guides/webhooks.md', import.meta.url))).map((block) =>
    block
      .replaceAll('http://localhost:4000', sojourn.url)
      .replaceAll('localhost:3000', `localhost:${port}`)
      .replaceAll('listen(3000)', `listen(${port})`),
  );
  const isServer = (block: string) => block.includes(`.listen(${port})`);
  const isClient = (block: string) => block.includes('new Sojourn(');
  const isModule = (block: string) => block.includes('export async function POST');

  test('are found', () => {
    expect(
      blocks.map((block) =>
        isServer(block) ? 'server' : isModule(block) ? 'module' : isClient(block) ? 'client' : 'program',
      ),
    ).toEqual(['server', 'module', 'server', 'program', 'client']);
  });

  test.each(Object.entries(COMPILERS))(
    'compile and run as ESM and CommonJS under %s',
    async (name, compiler) => {
      const files: Record<string, string> = {};
      for (const [index, block] of blocks.entries()) {
        files[`example-${index}.mts`] = block;
        if (!isModule(block)) files[`example-${index}.cts`] = inFunction(block);
      }
      // The types of Express bring those of Node.js a second time, which is no matter of ours.
      const root = await consumer.project(`webhooks ${name}`, files, { skipLibCheck: true });
      await compile(compiler, root);
      for (const [index, block] of blocks.entries()) {
        for (const extension of isModule(block) ? ['mjs'] : ['mjs', 'cjs']) {
          const program = join(root, 'out', `example-${index}.${extension}`);
          if (isServer(block))
            expect(await receive(program, port)).toEqual({
              statuses: [204, 400],
              printed: expect.stringContaining('listing.published'),
            });
          else if (isModule(block)) expect(await answersOf(program)).toEqual([204, 400]);
          else
            expect((await run(process.execPath, [program])).stdout.trim()).toBe(
              isClient(block) ? `${secret} delivered null` : 'listing.published',
            );
        }
      }
    },
    60_000,
  );

  /** What the `POST` of a module answers to a delivery that is signed, and to one that is forged. */
  async function answersOf(file: string): Promise<number[]> {
    const { POST } = (await import(file)) as { POST(request: Request): Promise<Response> };
    process.env.SOJOURN_WEBHOOK_SECRET = secret;
    const headers = signWebhook({ id: 'msg_1', body, secret });
    const requests = [body, `${body} `].map(
      (sent) => new Request('http://x', { method: 'POST', headers, body: sent }),
    );
    return Promise.all(requests.map(async (request) => (await POST(request)).status));
  }
});
