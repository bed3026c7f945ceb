import { globSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'tsdown';

const entries = (pattern: string) => globSync(pattern, { cwd: import.meta.dirname });
const nameOf = (file: string) => path.basename(file, '.ts');

export default defineConfig({
  entry: {
    // `publish` writes into the repository, and is run there.
    ...Object.fromEntries(entries('src/bin/!(publish).ts').map((file) => [`bin/${nameOf(file)}`, file])),
    // Kysely loads each by its name.
    ...Object.fromEntries(entries('migrations/*.ts').map((file) => [`migrations/${nameOf(file)}`, file])),
    // These look for files beside themselves, and so must lie where those are.
    resources: 'src/resources.ts',
    docs: 'src/docs.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node24',
  fixedExtension: false,
  dts: false,
  sourcemap: true,
  // Dependencies are installed beside the server; only our own workspace packages are bundled.
  deps: { onlyBundle: [] },
  copy: [
    {
      from: 'node_modules/@scalar/api-reference/dist/browser/standalone.js',
      to: 'dist',
      rename: 'reference.js',
    },
  ],
});
