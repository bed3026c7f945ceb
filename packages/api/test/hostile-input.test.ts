import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Contract } from '../src/platform/http/route.ts';
import { apiDocument, routes } from '../src/surface.ts';
import { startTestServer } from './server.ts';

// Whatever is sent, the answer is never a 5xx, always a problem document when it is not a success, and never one that
// the contract does not list. `HOSTILE_RUNS` is the number of requests for each operation.
const RUNS = Number(process.env.HOSTILE_RUNS ?? 60);

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const document = JSON.parse(JSON.stringify(apiDocument()));

/** Values that break parsers, stores and terminals. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '__proto__',
    'constructor',
    '{"$gt":""}',
    "' or 1=1 --",
    '../../etc/passwd',
    '%00',
    '\u202e',
    '\u001b[2J',
    1e308,
    -0,
    1e-320,
    Number.MAX_SAFE_INTEGER,
    -1,
    0.1,
    '9'.repeat(400),
    'x'.repeat(70_000),
    [],
    {},
    [[]],
    '2026-02-30',
    'lst_00000000000000000000000000',
    'lst_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 4 }),
);

function exampleOf(schema: Record<string, never> | undefined): unknown {
  if (!schema) return undefined;
  const { $ref, examples, properties, type } = schema;
  if ($ref) return exampleOf(document.components.schemas[String($ref).replace('#/components/schemas/', '')]);
  if (examples) return examples[0];
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([name, property]) => [name, exampleOf(property as never)]),
    );
  return type === 'array' ? [] : undefined;
}

/** The example of a body with some of its members, at any depth, replaced by something nasty. */
function mutated(example: unknown): fc.Arbitrary<unknown> {
  if (typeof example !== 'object' || example === null)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(example) }, { weight: 1, arbitrary: nasty });
  if (Array.isArray(example))
    return fc.oneof(fc.tuple(...example.map(mutated)), fc.array(nasty, { maxLength: 5 }));
  const members = fc.record(
    Object.fromEntries(Object.entries(example).map(([name, value]) => [name, mutated(value)])),
    { requiredKeys: [] },
  );
  return fc
    .tuple(members, fc.dictionary(fc.string(), nasty, { maxKeys: 2 }))
    .map(([known, unknown]) => ({ ...known, ...unknown }));
}

const asText = (value: unknown) =>
  encodeURIComponent(
    (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed().slice(0, 3_000),
  );

function requestOf(contract: Contract) {
  const operation = document.paths[contract.path][contract.method];
  const schema = operation.requestBody?.content['application/json'].schema;
  const parameters = (operation.parameters ?? []) as {
    in: string;
    name: string;
    schema: Record<string, never>;
  }[];
  const query = fc.record(
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === 'query')
        .map((parameter) => [parameter.name, fc.oneof(nasty, fc.constant(exampleOf(parameter.schema)))]),
    ),
    { requiredKeys: [] },
  );
  return fc.record({
    id: nasty,
    query,
    body: schema
      ? fc.oneof({ weight: 4, arbitrary: mutated(exampleOf(schema)) }, { weight: 1, arbitrary: nasty })
      : fc.constant(undefined),
    headers: fc.record(
      { 'If-Match': fc.constantFrom('"1"', '*', '"', 'W/"x"'), 'Idempotency-Key': fc.uuid() },
      { requiredKeys: [] },
    ),
  });
}

// Streams and pages of the caller's own session would end the test's own credentials.
const ENDS_THE_SESSION = new Set(['logout', 'deleteMe']);
const operations = routes
  .map(({ contract }) => contract)
  .filter(({ operationId }) => !ENDS_THE_SESSION.has(operationId));

describe('hostile input', () => {
  test.each(operations.map((contract) => [contract.operationId, contract] as const))(
    '%s answers with a success or a listed problem',
    async (_operationId, contract) => {
      await fc.assert(
        fc.asyncProperty(requestOf(contract), async ({ id, query, body, headers }) => {
          const path = contract.path.replaceAll(/\{\w+\}/g, () => asText(id) || 'x');
          const search = Object.entries(query)
            .map(([name, value]) => `${name}=${asText(value)}`)
            .join('&');
          const answer = await fetch(`${server.url}${path}?${search}`, {
            method: contract.method.toUpperCase(),
            headers: {
              Authorization: `Bearer ${server.credentials.host.apiKey}`,
              ...headers,
              ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          });
          const text = await answer.text();
          expect(answer.status, text).toBeLessThan(500);
          if (answer.status >= 400) {
            expect(answer.headers.get('content-type')).toBe('application/problem+json');
            expect(JSON.parse(text)).toMatchObject({
              status: answer.status,
              code: expect.stringMatching(/^[a-z_]+$/),
            });
            expect(text).not.toMatch(/\n +at |node_modules|select .* from/i);
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect(server.breaches).toEqual([]);
    },
    120_000,
  );
});
