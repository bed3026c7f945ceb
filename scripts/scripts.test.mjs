import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { contentFingerprint, sourceFiles } from './lib/fingerprint.mjs';
import { root } from './lib/root.mjs';
import { summarise } from './lib/test-report.mjs';

const moduleUrl = (name) => JSON.stringify(pathToFileURL(path.join(root, 'scripts/lib', name)).href);

describe('an old Node', () => {
  test('is told what is needed, before anything newer is loaded', () => {
    const code = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); import(${moduleUrl('node-version.mjs')})`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/needs Node 20 or newer; this is Node 18\.20\.0/);
  });
});

describe('a program in the foreground', () => {
  /** Says how many signals it got, by its exit code, half a second after the first. */
  const counting = `let count = 0; const hold = setInterval(() => {}, 1000);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => count++ || setTimeout(() => process.exit(40 + count), 500));
    console.log('ready');`;
  const runner = `import(${moduleUrl('foreground.mjs')}).then(({ runInForeground }) => runInForeground(['-e', ${JSON.stringify(counting)}]))`;

  async function started(program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(createInterface(child.stdout), 'line');
    return child;
  }

  test('gets one signal however many come, and its exit code is passed on', async () => {
    const child = await started(process.execPath, ['-e', runner]);
    const exited = once(child, 'exit');
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM']) child.kill(signal);
    expect(await exited).toEqual([41, null]);
  });

  test('is asked to stop when the shell between npm and this process is killed', async () => {
    const shell = await started('/bin/sh', ['-c', '"$0" -e "$1"; true', process.execPath, runner]);
    // Its output ends when the last process that holds it does.
    const ended = once(shell.stdout, 'close');
    shell.kill('SIGKILL');
    await ended;
  });
});

describe('the fingerprint of sources', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sojourn-sources-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const fingerprint = () => contentFingerprint(sourceFiles(folder));

  test('changes with every source, and with nothing that is made or only tests', () => {
    write('src/model.ts', 'one');
    const before = fingerprint();
    write('src/model.test.ts', 'one');
    write('dist/model.js', 'one');
    write('node_modules/a/index.js', 'one');
    expect(fingerprint()).toBe(before);
    write('src/model.ts', 'two');
    expect(fingerprint()).not.toBe(before);
    write('src/model.ts', 'one');
    expect(fingerprint()).toBe(before);
    write('src/policy.ts', '');
    expect(fingerprint()).not.toBe(before);
  });
});

describe('the count of tests', () => {
  const file = (status, ...assertionResults) => ({ status, assertionResults });
  const of = (status, fullName = 'a test') => ({ status, fullName });

  test('has a file that did not load among the failures, and what was left out by its need', () => {
    const needy = of('pending', 'the page (needs chromium) opens');
    const report = {
      testResults: [
        file('passed', of('passed'), needy, needy, of('todo')),
        file('failed', of('failed')),
        file('failed'),
      ],
    };
    const missing = new Map([
      ['chromium', 2],
      [undefined, 1],
    ]);
    expect(summarise(report)).toEqual({ passed: 1, failed: 2, missing });
  });
});
