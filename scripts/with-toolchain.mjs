import './lib/node-version.mjs';
import { orExplain } from './lib/failure.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { build, install } from './lib/toolchain.mjs';

// npm run bench, npm run torture, npm run admin:create: runs one of these programs on the pinned Node.

const PROGRAMS = {
  bench: 'bench/run.ts',
  torture: 'bench/torture.ts',
  'admin:create': 'packages/api/dist/bin/create-admin.js',
};

const [name, ...args] = process.argv.slice(2);
const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;

await orExplain(async () => {
  if (!program)
    throw new Error(`Usage: node scripts/with-toolchain.mjs ${Object.keys(PROGRAMS).join('|')} [arguments]`);
  await install();
  await build();
  await runInForeground([program, ...args]);
});
