import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allFiles, contentFingerprint, sourceFiles, writeFingerprint } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { pnpm } from './pnpm.mjs';
import { root } from './root.mjs';

// From a bare checkout to installed and built packages, with nothing but the Node and npm of the machine.

/** The pinned Node itself and not the script of that name in .bin: a signal has to reach it. */
export const pinnedNode = path.join(root, 'node_modules/node/bin/node');

const inRoot = (names) => names.map((name) => path.join(root, name));
const BUILT_FROM = inRoot(['packages', 'docs/errors', 'tsconfig.base.json', 'turbo.json', 'pnpm-lock.yaml']);
const BUILT = inRoot(['packages/api/dist', 'packages/cli/dist', 'packages/sdk/dist']);

/** Installs exactly what the lockfile says, unless that is what is there. */
export async function install() {
  const manifests = inRoot(['package.json', 'packages', 'bench'])
    .flatMap(sourceFiles)
    .filter((file) => path.basename(file) === 'package.json');
  const state = () => {
    const wanted = contentFingerprint([...inRoot(['pnpm-lock.yaml', 'pnpm-workspace.yaml']), ...manifests]);
    const present = [
      pinnedNode,
      ...manifests.map((file) => path.join(path.dirname(file), 'node_modules')),
    ].map(existsSync);
    return `${wanted} for ${process.platform} ${process.arch}, present: ${present}`;
  };
  // Some machines set NODE_ENV=production, which would leave out what the build needs.
  const command = ['install', '--frozen-lockfile', '--prod=false', '--config.confirmModulesPurge=false'];
  await unlessDone('installed', state, 'Installing packages (a minute, the first time)', () => pnpm(command));
}

/** Builds the packages, unless neither their sources nor what was made of them has changed. */
export async function build() {
  const state = () =>
    `${contentFingerprint(BUILT_FROM.flatMap(sourceFiles))} ${writeFingerprint(BUILT.flatMap(allFiles))}`;
  await unlessDone('built', state, 'Building', () =>
    pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']),
  );
}

/** Does the work only when the state is not the one that the work left last time. */
async function unlessDone(name, state, title, work) {
  const stamp = path.join(root, 'node_modules/.cache/sojourn', name);
  const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === state();
  if (isDone()) return;
  await withLock(async () => {
    // Another command may have done it while this one waited.
    if (isDone()) return;
    console.log(`${title}…`);
    const startedAt = performance.now();
    rmSync(stamp, { force: true });
    await work();
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, state());
    console.log(`  done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  });
}
