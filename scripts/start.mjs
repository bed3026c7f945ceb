import './lib/node-version.mjs';
import { orExplain } from './lib/failure.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { build, install } from './lib/toolchain.mjs';

// npm start: installs, builds and serves.

await orExplain(async () => {
  await install();
  await build();
  await runInForeground(['packages/api/dist/bin/server.js']);
});
