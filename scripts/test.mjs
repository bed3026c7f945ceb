import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { orExplain } from './lib/failure.mjs';
import { pnpm } from './lib/pnpm.mjs';
import { runQuietly } from './lib/quietly.mjs';
import { root } from './lib/root.mjs';
import { summarise } from './lib/test-report.mjs';
import { build, install } from './lib/toolchain.mjs';

// npm test: every check there is, each even when an earlier one failed, and the count at the end.

const BIN = path.join(root, 'node_modules/.bin');
const env = { ...process.env, PATH: `${BIN}${path.delimiter}${process.env.PATH}` };
const tool = (name, ...args) => runQuietly(path.join(BIN, name), args, env);

/** The build comes first: packages are checked against the built SDK, as its users see it. */
const CHECKS = {
  build,
  'format and lint': () => tool('biome', 'check', '.'),
  'import rules': () => tool('depcruise', '--config', '.dependency-cruiser.mjs', 'packages', 'bench'),
  'dead code': () => tool('knip'),
  types: () => pnpm(['exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only']),
};

await orExplain(async () => {
  const startedAt = performance.now();
  await install();
  let passed = 0;
  let failed = 0;
  for (const [name, check] of Object.entries(CHECKS)) {
    if (await succeeds(name, check)) passed++;
    else failed++;
  }
  const tests = await runTests(process.argv.slice(2));
  const leftOut = explainMissing(tests.missing);
  const total = { passed: passed + tests.passed, failed: failed + tests.failed };
  if (leftOut.length > 0) console.log(`\nLeft out:\n${leftOut.join('\n')}`);
  if (leftOut.length > 0 && process.env.CI) {
    console.log('In CI nothing may be left out: that counts as a failure.');
    total.failed++;
  }
  console.log(`\nTook ${Math.round((performance.now() - startedAt) / 1000)} s.`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});

async function succeeds(name, check) {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    await check();
    console.log(`✓ ${name} (${seconds()})`);
    return true;
  } catch (error) {
    console.log(`✗ ${name} (${seconds()})\n\n${error.message}\n`);
    return false;
  }
}

/** Shown as they run. A crash of vitest itself, which leaves no report, is one failure. */
async function runTests(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sojourn-report-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(path.join(BIN, 'vitest'), ['run', ...reporters, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const summary = readSummary(report);
  rmSync(folder, { recursive: true });
  return code !== 0 && summary.failed === 0 ? { ...summary, failed: 1 } : summary;
}

function readSummary(report) {
  try {
    return summarise(JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    return { passed: 0, failed: 0, missing: new Map() };
  }
}

function explainMissing(missing) {
  return [...missing].map(
    ([need, count]) =>
      `  ${count} ${count === 1 ? 'test' : 'tests'}: ${need ? `this machine has no ${need}` : 'skipped in the code'}`,
  );
}
