#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Plain, old JavaScript: this file has to run on a Node that is too old for the rest, to be able to say so.
const [major, minor] = process.versions.node.split('.').map(Number);
const cli = new URL('../dist/cli.js', import.meta.url);

if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `sojourn needs Node 22.19 or newer; this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = 1;
} else if (!existsSync(cli)) {
  process.stderr.write(
    'sojourn is not built yet. In the checkout: npm start, or npx pnpm@10.34.9 run build\n',
  );
  process.exitCode = 1;
} else {
  // In a folder of the user's own: whoever can write compiled code could have it run.
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  nodeModule.enableCompileCache(join(cache, 'sojourn', 'compiled'));
  await import(cli.href);
}
