import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { withEventTypes } from '../src/events/guide.ts';
import { settingNames } from '../src/platform/config.ts';
import { apiDocument, eventTypes, problems, routes } from '../src/surface.ts';
import { createTestDatabase } from './database.ts';

const run = promisify(execFile);
const packageFolder = path.join(import.meta.dirname, '..');
const root = path.join(packageFolder, '../..');
const document = JSON.parse(JSON.stringify(apiDocument()));

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown; examples?: unknown }> }>;
}
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([route, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${route}`,
      operation,
    })),
);

/** Whether a schema carries an example, itself or in what it refers to or is made of. */
function hasExample(schema: unknown): boolean {
  const { $ref, examples, example, properties, items, anyOf } = schema as Record<string, never>;
  if ($ref) return hasExample(document.components.schemas[String($ref).replace('#/components/schemas/', '')]);
  if (examples ?? example) return true;
  return [...Object.values(properties ?? {}), ...(items ? [items] : []), ...(anyOf ?? [])].some(hasExample);
}

describe('the published document', () => {
  test('is committed as it is; otherwise run `npm run generate`', async () => {
    expect(JSON.parse(await readFile(path.join(packageFolder, 'openapi.json'), 'utf8'))).toEqual(document);
  });

  test('is valid: Redocly finds no error', async () => {
    const { stdout } = await run(
      path.join(packageFolder, 'node_modules/.bin/redocly'),
      ['lint', path.join(packageFolder, 'openapi.json'), '--extends', 'recommended', '--format', 'json'],
      {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        maxBuffer: 1e8,
      },
    ).catch((error: { stdout: string }) => error);
    expect(
      JSON.parse(stdout).problems.filter(({ severity }: { severity: string }) => severity === 'error'),
    ).toEqual([]);
  }, 60_000);

  test('names exactly the routes that are served', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      routes.map(({ contract }) => contract.operationId).sort(),
    );
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(routes.length);
  });

  test.each(operations)(
    '$name has summary, description, tag, examples and all its problems',
    ({ operation }) => {
      expect(operation.summary).toMatch(/\S/);
      expect(operation.description).toMatch(/\S/);
      expect(operation.tags).toHaveLength(1);
      for (const { schema } of Object.values(operation.requestBody?.content ?? {}))
        expect(hasExample(schema)).toBe(true);
      for (const [status, { content }] of Object.entries(operation.responses))
        for (const { schema, examples } of Object.values(content ?? {}))
          expect(examples !== undefined || hasExample(schema), `an example of ${status}`).toBe(true);
      for (const status of ['401', '429', '500', '503'])
        expect(Object.keys(operation.responses)).toContain(status);
    },
  );

  test('gives every integer its bounds and uses no discriminator', () => {
    const unbounded: string[] = [];
    const walk = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const schema = node as Record<string, unknown>;
      expect(schema, at).not.toHaveProperty('discriminator');
      if (schema.type === 'integer' && Math.abs(Number(schema.maximum)) >= Number.MAX_SAFE_INTEGER)
        unbounded.push(at);
      for (const [key, value] of Object.entries(schema)) walk(value, `${at}/${key}`);
    };
    walk(document.components, '');
    walk(document.paths, '');
    expect(unbounded).toEqual([]);
  });
});

describe('what is committed beside the code', () => {
  test('a page for every problem code', async () => {
    const pages = (await readdir(path.join(root, 'docs/errors'))).map((name) => name.replace('.md', ''));
    expect(pages.sort()).toEqual(problems.map(({ code }) => code).sort());
    for (const { code, title, help } of problems) {
      const page = await readFile(path.join(root, `docs/errors/${code}.md`), 'utf8');
      expect(page).toContain(`# ${title}\n`);
      expect(page).toContain(help);
    }
  });

  test('the table of all types of events', async () => {
    const guide = await readFile(path.join(root, 'docs/guides/events.md'), 'utf8');
    // However its columns are aligned.
    const words = (text: string) => text.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' ');
    expect(words(guide)).toBe(words(withEventTypes(guide, eventTypes)));
    expect(eventTypes.length).toBeGreaterThan(10);
    expect(new Set(eventTypes.map(({ type }) => type)).size).toBe(eventTypes.length);
  });

  test('.env.example lists every setting and no other', async () => {
    const example = await readFile(path.join(root, '.env.example'), 'utf8');
    const listed = [...example.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual([...settingNames].sort());
  });

  test('row types are those of the migrated database; otherwise run `npm run generate:rows`', async () => {
    const database = await createTestDatabase();
    try {
      await run(
        path.join(packageFolder, 'node_modules/.bin/kysely-codegen'),
        ['--url', database.url, '--verify'],
        { cwd: packageFolder },
      );
    } finally {
      await database.drop();
    }
  }, 30_000);
});
