import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../src/import/formats/columns.ts';
import { WARNINGS } from '../src/import/formats/inside-airbnb-words.ts';
import { readMapping } from '../src/import/formats/mapping.ts';
import { fileWith } from './read-records.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/guides/import.md'), 'utf8');

describe('docs/guides/import.md', () => {
  it('lists the columns as they are', () => {
    // A formatter aligns the table: only its words count.
    const words = (row: string) => row.replaceAll(/ +/g, ' ');
    const listed = /<!-- columns -->([\s\S]*)<!-- \/columns -->/.exec(GUIDE)?.[1]?.match(/^\| `\w+` .*$/gm);
    expect(listed?.map(words)).toEqual(
      COLUMNS.map(({ name, about }) => words(`| \`${name}\` | ${about.replaceAll('|', '\\|')} |`)),
    );
  });

  it('names every kind of remark about a row', () => {
    for (const kind of Object.keys(WARNINGS)) expect(GUIDE).toContain(`\`${kind}\``);
  });

  it('shows a mapping that is right', async () => {
    const mapping = /```json\n([\s\S]*?)```/.exec(GUIDE)![1]!;
    await expect(readMapping(fileWith(mapping, 'units.mapping.json'))).resolves.toMatchObject({
      decimalMark: ',',
    });
  });
});
