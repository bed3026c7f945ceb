import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const generate = (...args: string[]) => run(process.execPath, [path('../codegen/generate.mjs'), ...args]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sojourn-codegen-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the types are those of the committed document', async () => {
  await generate('--check');
}, 30_000);

test('a changed document is noticed', async () => {
  const document = JSON.parse(await readFile(path('../../api/openapi.json'), 'utf8'));
  document.components.schemas.Welcome.properties.motto = { type: 'string' };
  const changed = join(folder, 'openapi.json');
  await writeFile(changed, JSON.stringify(document));
  await expect(generate('--check', '--document', changed)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is older than'),
  });
}, 30_000);

test('enums are open in answers and closed in bodies; optional members may be undefined; failures are left out', async () => {
  const text = { type: 'string' };
  const room = { type: 'string', enum: ['entirePlace', 'hotelRoom'] };
  const thing = (properties: object) => ({
    content: { 'application/json': { schema: { type: 'object', properties } } },
  });
  const responses = {
    200: {
      description: 'Good',
      ...thing({ room, status: { type: ['string', 'null'], enum: ['draft', null] } }),
    },
    404: {
      description: 'Bad',
      content: {
        'application/problem+json': { schema: text, examples: { thing_not_found: { value: 'x' } } },
      },
    },
  };
  const document = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: { '/things': { post: { operationId: 'createThing', requestBody: thing({ room }), responses } } },
  };
  const [source, output] = [join(folder, 'small.json'), join(folder, 'small.ts')];
  await writeFile(source, JSON.stringify(document));
  await generate('--document', source, '--output', output);
  const types = await readFile(output, 'utf8');
  expect(types).toContain('status?: ("draft" | null | (string & {})) | undefined;');
  expect(types.match(/room\?: \("entirePlace" \| "hotelRoom"\) \| undefined;/g)).toHaveLength(2);
  expect(types).toContain('export type ProblemCode =\n    | "thing_not_found";');
  expect(types).not.toContain('404');
}, 30_000);
