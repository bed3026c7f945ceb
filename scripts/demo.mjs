import './lib/node-version.mjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStage } from './lib/demo-stage.mjs';
import { tellStory } from './lib/demo-story.mjs';
import { orExplain } from './lib/failure.mjs';
import { build, install } from './lib/toolchain.mjs';

// npm run demo: a server of its own in a temporary folder, and the whole story of a stay, told by the command line.

await orExplain(async () => {
  await install();
  await build();
  const folder = await mkdtemp(path.join(tmpdir(), 'sojourn-demo-'));
  const stage = await openStage(folder);
  try {
    await tellStory(stage);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
});
