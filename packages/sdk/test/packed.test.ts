import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
// @ts-expect-error: the preset, a list of plugins, has no types
import preset from '@size-limit/preset-small-lib';
import sizeLimit from 'size-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examplesOf, inFunction } from './examples.ts';
import type { TestServer } from './server.ts';
import { startStub } from './stub.ts';

// What users get: built, packed, installed in a folder that knows nothing of this repository, type-checked and run there.

const run = promisify(execFile);
const SDK = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(SDK, 'node_modules/.bin', name);
const COMPILERS = {
  'TypeScript 7': join(SDK, '../../node_modules/.bin/tsc'),
  'TypeScript 5.9': join(SDK, 'codegen/node_modules/.bin/tsc'),
};

let folder: string;
let tarball: string;
let consumer: string;
let server: TestServer;

beforeAll(async () => {
  server = await startStub();
  folder = await mkdtemp(join(tmpdir(), 'sojourn-packed-'));
  tarball = await pack();
  consumer = await install();
}, 120_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Builds beside the repository, so that nobody who uses `dist` meanwhile is disturbed. */
async function pack(): Promise<string> {
  const stage = join(folder, 'package');
  await mkdir(stage);
  for (const file of ['package.json', 'README.md', 'LICENSE']) await cp(join(SDK, file), join(stage, file));
  await run(bin('tsdown'), ['--out-dir', join(stage, 'dist')], { cwd: SDK });
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: stage });
  return join(folder, stdout.trim());
}

/** Dependencies come out of our own store as tarballs: the test works without a registry, and npm links nothing into it. */
async function install(): Promise<string> {
  const root = join(folder, 'a consumer');
  await mkdir(root);
  const nodeTypes = await realpath(join(SDK, '../../node_modules/@types/node'));
  const sources = [join(SDK, 'node_modules/undici'), nodeTypes, join(nodeTypes, '../../undici-types')];
  const { stdout } = await run('npm', [
    'pack',
    '--silent',
    '--ignore-scripts',
    '--pack-destination',
    folder,
    ...sources,
  ]);
  const [undici, types, undiciTypes] = stdout
    .trim()
    .split('\n')
    .map((file) => `file:${join(folder, file)}`);
  const manifest = {
    private: true,
    dependencies: { '@sojourn/sdk': `file:${tarball}` },
    devDependencies: { '@types/node': types },
    overrides: { undici, 'undici-types': undiciTypes },
  };
  await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  return root;
}

/** A program of the consumer: its files and compiler options, checked strictly. */
async function project(name: string, files: Record<string, string>, options: object = {}): Promise<string> {
  const root = join(consumer, name);
  await mkdir(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(root, file), text.replaceAll('http://localhost:4000', server.url));
  }
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    types: ['node'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    outDir: 'out',
    rootDir: '.',
    ...options,
  };
  await writeFile(
    join(root, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: Object.keys(files) }),
  );
  return root;
}

/** Runs a program; its complaint is the test's failure. */
async function compile(compiler: string, root: string): Promise<void> {
  await run(compiler, ['-p', root]).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(`${stdout}${stderr}`);
  });
}

describe('the package', () => {
  test('holds what it should and nothing else', async () => {
    const files = (await readdir(join(consumer, 'node_modules/@sojourn/sdk'), { recursive: true })).sort();
    expect(files).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'dist/index.cjs',
      'dist/index.d.cts',
      'dist/index.d.ts',
      'dist/index.js',
      'package.json',
    ]);
  });

  test('is right by publint', async () => {
    await run(bin('publint'), [tarball, '--strict']);
  });

  test('has types that resolve in every way, by attw', async () => {
    await run(bin('attw'), [tarball, '--no-definitely-typed', '--profile', 'node16']);
  }, 30_000);

  test('is small: 8 KB the core, 25 KB the client, gzipped', async () => {
    const sizeOf = async (file: string) => {
      const ignore = ['undici', 'node:crypto', 'node:stream', 'node:timers/promises'];
      const results = (await sizeLimit(preset, {
        cwd: SDK,
        checks: [{ files: [file], ignore, gzip: true }],
      })) as { size: number }[];
      return results[0]!.size;
    };
    expect(await sizeOf(join(SDK, 'src/call.ts'))).toBeLessThanOrEqual(8_000);
    expect(await sizeOf(join(consumer, 'node_modules/@sojourn/sdk/dist/index.js'))).toBeLessThanOrEqual(
      25_000,
    );
    expect(await sizeOf(join(consumer, 'node_modules/@sojourn/sdk/dist/index.cjs'))).toBeLessThanOrEqual(
      25_000,
    );
  });

  test('needs undici and nothing else', async () => {
    const manifest = JSON.parse(
      await readFile(join(consumer, 'node_modules/@sojourn/sdk/package.json'), 'utf8'),
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
    "import * as sdk from '@sojourn/sdk';\nexport const { Sojourn, ApiError } = sdk;\nexport type Listing = sdk.Listing;\nexport type All = sdk.operations;\n";

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
