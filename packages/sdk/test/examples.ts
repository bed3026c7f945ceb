import { readFile } from 'node:fs/promises';

const PRELUDE = `import { Sojourn } from '@sojourn/sdk';

const sojourn = new Sojourn({ apiKey: 'sjn_test_1', baseUrl: 'http://localhost:4000' });
const listingId = 'lst_1';
`;

/** The TypeScript blocks of a Markdown file. */
export async function blocksOf(file: URL): Promise<string[]> {
  const markdown = await readFile(file, 'utf8');
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
}

/** The TypeScript blocks of a Markdown file as programs of their own. One that makes no client goes on with that of the first. */
export async function examplesOf(file: URL): Promise<string[]> {
  const blocks = await blocksOf(file);
  return blocks.map((code) => (code.includes('new Sojourn(') ? code : `${PRELUDE}${code}`));
}

/** The same program for CommonJS, where the top level cannot wait. */
export function inFunction(program: string): string {
  const lines = program.split('\n');
  const isImport = (line: string) => line.startsWith('import ');
  return [
    ...lines.filter(isImport),
    'async function main() {',
    ...lines.filter((line) => !isImport(line)),
    '}',
    'void main();',
    '',
  ].join('\n');
}
