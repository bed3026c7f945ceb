import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run: typeof execFile.__promisify__ = promisify(execFile);
export const SDK: string = fileURLToPath(new URL('..', import.meta.url));
export const bin = (name: string): string => join(SDK, 'node_modules/.bin', name);
export const COMPILERS: Readonly<Record<'TypeScript 7' | 'TypeScript 5.9', string>> = {
  'TypeScript 7': join(SDK, '../../node_modules/.bin/tsc'),
  'TypeScript 5.9': join(SDK, 'codegen/node_modules/.bin/tsc'),
};

/** An outside project with the package installed as its users install it. */
export interface Consumer extends AsyncDisposable {
  root: string;
  tarball: string;
  /** A program of the project: its files and compiler options, checked strictly. */
  project(name: string, files: Record<string, string>, options?: object): Promise<string>;
}

export async function openConsumer(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-packed-'));
  const tarball = await pack(folder);
  const root = await install(folder, tarball);
  return {
    root,
    tarball,
    project: (name, files, options) => project(join(root, name), files, options),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Builds beside the repository, so that nobody who uses `dist` meanwhile is disturbed. */
async function pack(folder: string): Promise<string> {
  const stage = join(folder, 'package');
  await mkdir(stage);
  for (const file of ['package.json', 'README.md', 'LICENSE']) await cp(join(SDK, file), join(stage, file));
  await run(bin('tsdown'), ['--out-dir', join(stage, 'dist')], { cwd: SDK });
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: stage });
  return join(folder, stdout.trim());
}

/** Dependencies come out of our own store as tarballs: the test works without a registry, and npm links nothing into it. */
async function install(folder: string, tarball: string): Promise<string> {
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

async function project(root: string, files: Record<string, string>, options: object = {}): Promise<string> {
  await mkdir(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, file), text);
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
export async function compile(compiler: string, root: string): Promise<void> {
  await run(compiler, ['-p', root]).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(`${stdout}${stderr}`);
  });
}
