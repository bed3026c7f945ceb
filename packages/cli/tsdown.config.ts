import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';
import { problemPages } from './src/problem-pages.ts';

const pagesModule = fileURLToPath(new URL('src/problem-pages.ts', import.meta.url));
const pagesFolder = new URL('../../docs/errors/', import.meta.url);

/** One file with everything in it. What is imported with `import()` stays unevaluated until its command is run. */
export default defineConfig({
  entry: { cli: 'src/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  fixedExtension: false,
  dts: false,
  deps: { alwaysBundle: /./, onlyBundle: false },
  outputOptions: { codeSplitting: false },
  // Parentheses around a module's function tell V8 to compile it at once. Most of ours wait for a command that is not run.
  inputOptions: { optimization: { pifeForModuleWrappers: false } },
  // Names stay, for the stack traces of SOJOURN_DEBUG=1.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  plugins: [
    {
      // The imports of Node's own modules would be hoisted to the head of the one file, and loaded by every command:
      // node:crypto and node:sqlite for `--help`. Behind a CommonJS module they wait for the first who needs them.
      name: 'lazy-node-modules',
      resolveId: {
        order: 'pre',
        handler: (id) => (isBuiltin(id) && id !== 'node:module' ? `\0lazy:${id}.cjs` : null),
      },
      load: (id) => {
        const name = /^\0lazy:(.*)\.cjs$/.exec(id)?.[1];
        return name === undefined
          ? null
          : `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`;
      },
    },
    {
      // The same for the wrappers of CommonJS modules, which that option leaves as they are.
      name: 'compile-modules-when-needed',
      renderChunk: (code) => code.replaceAll('__commonJSMin(((', '__commonJSMin((0, ('),
    },
    {
      name: 'embed-problem-pages',
      load(id) {
        if (id !== pagesModule) return null;
        const pages = existsSync(pagesFolder) ? problemPages() : {};
        return `const pages = ${JSON.stringify(pages)};\nexport const problemPages = () => pages;`;
      },
    },
  ],
});
