import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// @ts-expect-error: the preset, a list of plugins, has no types
import preset from '@size-limit/preset-small-lib';
import sizeLimit from 'size-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, COMPILERS, type Consumer, compile, openConsumer, run, SDK } from './consumer.ts';
import { examplesOf, inFunction } from './examples.ts';
import type { TestServer } from './server.ts';
import { startStub } from './stub.ts';

// What users get: built, packed, installed in a folder that knows nothing of this repository, type-checked and run there.

let consumer: Consumer;
let server: TestServer;

beforeAll(async () => {
  server = await startStub();
  consumer = await openConsumer();
}, 120_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await consumer[Symbol.asyncDispose]();
});

/** A program of the consumer that calls the test's server where the documentation calls one on this machine. */
const project = (name: string, files: Record<string, string>, options?: object) =>
  consumer.project(
    name,
    Object.fromEntries(
      Object.entries(files).map(([file, text]) => [
        file,
        text.replaceAll('http://localhost:4000', server.url),
      ]),
    ),
    options,
  );

describe('the package', () => {
  test('holds what it should and nothing else', async () => {
    const files = (
      await readdir(join(consumer.root, 'node_modules/@sojourn/sdk'), { recursive: true })
    ).sort();
    const built = (name: string) => ['cjs', 'd.cts', 'd.ts', 'js'].map((ending) => `dist/${name}.${ending}`);
    expect(files.map((file) => file.replace(/-[\w-]{8}(?=\.(?:d\.)?c?[jt]s$)/, '')).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      ...built('index'),
      ...built('sojourn-error'),
      ...built('webhooks'),
      'package.json',
    ]);
  });

  test('is right by publint', async () => {
    await run(bin('publint'), [consumer.tarball, '--strict']);
  });

  test('has types that resolve in every way, by attw', async () => {
    await run(bin('attw'), [consumer.tarball, '--no-definitely-typed', '--profile', 'node16']);
  }, 30_000);

  test('is small: 8 KB the core, 25 KB the client, 4 KB the webhooks, gzipped', async () => {
    const sizeOf = async (file: string) => {
      const ignore = ['undici', 'node:crypto', 'node:stream', 'node:timers/promises'];
      const results = (await sizeLimit(preset, {
        cwd: SDK,
        checks: [{ files: [file], ignore, gzip: true }],
      })) as { size: number }[];
      return results[0]!.size;
    };
    expect(await sizeOf(join(SDK, 'src/call.ts'))).toBeLessThanOrEqual(8_000);
    const dist = join(consumer.root, 'node_modules/@sojourn/sdk/dist');
    for (const ending of ['js', 'cjs']) {
      expect(await sizeOf(join(dist, `index.${ending}`))).toBeLessThanOrEqual(25_000);
      expect(await sizeOf(join(dist, `webhooks.${ending}`))).toBeLessThanOrEqual(4_000);
    }
  });

  test('needs undici and nothing else', async () => {
    const manifest = JSON.parse(
      await readFile(join(consumer.root, 'node_modules/@sojourn/sdk/package.json'), 'utf8'),
    );
    expect(Object.keys(manifest.dependencies)).toEqual(['undici']);
  });
});

describe('the examples of README and guide', async () => {
  const programs = [
    ...(await examplesOf(new URL('../README.md', import.meta.url))),
    ...(await examplesOf(new URL('../../../docs/guides/sdk.md', import.meta.url))),
  ];
  const named = (extension: string, form: (program: string) => string) =>
    Object.fromEntries(programs.map((program, index) => [`example-${index + 1}${extension}`, form(program)]));

  test('are found', () => {
    expect(programs.length).toBeGreaterThan(10);
  });

  test.each(Object.entries(COMPILERS))(
    'compile and run as ESM and CommonJS under %s',
    async (name, compiler) => {
      const esm = named('.mts', (program) => program);
      const cjs = named('.cts', inFunction);
      const root = await project(`examples ${name}`, { ...esm, ...cjs });
      await compile(compiler, root);
      for (const [extension, load] of [
        ['.mjs', 'await import'],
        ['.cjs', 'require'],
      ] as const) {
        server.seen.length = 0;
        const all = programs.map((_, index) => `${load}('./example-${index + 1}${extension}');`).join('\n');
        await writeFile(join(root, 'out', `all${extension}`), all);
        // It must end by itself, though hardly any example closes its client.
        const { stdout, stderr } = await run(process.execPath, [join(root, 'out', `all${extension}`)], {
          timeout: 20_000,
        });
        expect(stderr).toBe('');
        expect(stdout).toContain('Sunny loft by the park 1.2');
        expect(stdout).toContain('/timeZone A published listing needs a time zone.');
        expect(new Set(server.seen.map(({ method, url }) => `${method} ${url}`)).size).toBeGreaterThan(
          programs.length,
        );
      }
    },
    60_000,
  );
});

describe('the types', () => {
  const everything =
    "import * as sdk from '@sojourn/sdk';\nexport * from '@sojourn/sdk/webhooks';\nexport const { Sojourn, ApiError } = sdk;\nexport type Listing = sdk.Listing;\nexport type All = sdk.operations;\n";

  test('need neither @types/node nor undici where there is a DOM', async () => {
    const root = await project('dom', { 'main.mts': everything }, { lib: ['es2022', 'dom'], types: [] });
    await compile(COMPILERS['TypeScript 7'], root);
  });

  test('notice a mistake', async () => {
    const wrong =
      "import { Sojourn } from '@sojourn/sdk';\nnew Sojourn({ baseUrl: 'http://x' }).listings.list({ colour: 'red' });\n";
    const root = await project('wrong', { 'main.mts': wrong, 'main.cts': wrong });
    const complaint = await compile(COMPILERS['TypeScript 7'], root).catch(String);
    expect(complaint?.match(/error TS2353.*'colour' does not exist/g)).toHaveLength(2);
  });

  test('cost less than a second', async () => {
    // The better of two: what else the machine does is not what this asks.
    const time = async (root: string) => {
      const times: number[] = [];
      for (let turn = 0; turn < 2; turn++) {
        const startedAt = performance.now();
        await compile(COMPILERS['TypeScript 7'], root);
        times.push(performance.now() - startedAt);
      }
      return Math.min(...times);
    };
    const without = await project('without', { 'main.mts': 'export const one = 1;\n' });
    const withSdk = await project('with', { 'main.mts': everything });
    expect((await time(withSdk)) - (await time(without))).toBeLessThan(1_000);
  }, 60_000);
});
