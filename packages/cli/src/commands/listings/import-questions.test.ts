import { existsSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { importOptions } from '../../../test/import-options.ts';
import { fileWith } from '../../../test/read-records.ts';
import type { CommandContext } from '../../command-context.ts';
import { readMapping } from '../../import/formats/mapping.ts';
import { runImport } from '../../import/run.ts';
import { askMapping } from './import-questions.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';

/** Somebody at a terminal who answers each question, when it appears, with the next of these keys. */
function person(keys: Record<string, string>) {
  const input = new PassThrough();
  const output = new PassThrough();
  // A terminal stays open when a question is over.
  output.end = () => output;
  const asked: string[] = [];
  let screen = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    for (const [question, key] of Object.entries(keys)) {
      if (asked.includes(question) || !screen.includes(question)) continue;
      asked.push(question);
      // A question is on the screen a moment before it listens.
      setTimeout(() => input.write(key), 20);
    }
  });
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const ctx = {
    io: { questions: { input, output }, say, success: say, warn: say, stdin: input },
    env: { cwd: '/', stateDir: importOptions('-').stateDir },
    signal: new AbortController().signal,
  } as unknown as CommandContext;
  return { ctx, asked, said };
}

const TEXT =
  'Ref;Listing name;Kind;Sleeps;Rate;Lat;Lng;Town;Zip\n7;Altbau;Whole flat;4;95,00;52.5;13.4;Berlin;10999\n8;Kammer;Chamber;1;40;52.5;13.4;Berlin;10999\n';

describe('the questions about an unknown file', () => {
  it('become a mapping that imports it, and are not asked twice', async () => {
    const file = fileWith(TEXT, 'units.csv');
    const { ctx, asked, said } = person({
      'Which column holds your own id': ENTER,
      'Which holds the title?': ENTER,
      'The description?': ENTER,
      'How many guests fit?': ENTER,
      'The price per night?': ENTER,
      'The latitude?': ENTER,
      'The longitude?': ENTER,
      'The city?': ENTER,
      'The kind of room': `${DOWN}${DOWN}${DOWN}${ENTER}`,
      'What is "Whole flat"?': ENTER,
      'What is "Chamber"?': `${DOWN}${ENTER}`,
      'In which currency': `eur${ENTER}`,
      'Which cancellation policy': `${DOWN}${ENTER}`,
    });
    const path = await askMapping(ctx, file);
    expect(asked).toHaveLength(13);
    expect(JSON.parse(readFileSync(path!, 'utf8'))).toEqual({
      columns: {
        externalId: 'Ref',
        title: 'Listing name',
        capacity: 'Sleeps',
        basePrice: 'Rate',
        latitude: 'Lat',
        longitude: 'Lng',
        city: 'Town',
        roomType: 'Kind',
        postalCode: 'Zip',
      },
      constants: { currency: 'EUR', cancellationPolicy: 'moderate' },
      decimalMark: ',',
      values: { roomType: { 'Whole flat': 'entirePlace', Chamber: 'privateRoom' } },
    });
    await expect(readMapping(path!)).resolves.toBeDefined();
    const { report } = await runImport(importOptions(file, { map: path }), undefined, () => {});
    expect(report).toMatchObject({ format: 'mapping', totals: { rejected: 0 }, notSent: 2 });

    expect(await askMapping(ctx, file)).toBe(path);
    expect(said.at(-1)).toContain('as answered before');
  });

  it('are not asked of a file that is known', async () => {
    const file = fileWith('externalId,title,roomType\n1,x,entirePlace\n');
    const { ctx, asked } = person({ '?': ENTER });
    expect(await askMapping(ctx, file)).toBeUndefined();
    expect(asked).toEqual([]);
    expect(existsSync(file.replace('.csv', '.mapping.json'))).toBe(false);
  });
});
