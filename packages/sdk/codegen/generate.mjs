// Types from the published document: `node generate.mjs` writes them, `node generate.mjs --check` fails when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const { values } = parseArgs({
  options: {
    document: { type: 'string', default: new URL('../../api/openapi.json', import.meta.url).pathname },
    output: { type: 'string', default: new URL('../src/generated/openapi.ts', import.meta.url).pathname },
    check: { type: 'boolean', default: false },
  },
});

const document = JSON.parse(readFileSync(values.document, 'utf8'));
const generated = await generate(document);
if (!values.check) {
  writeFileSync(values.output, generated);
} else if (readFileSync(values.output, 'utf8') !== generated) {
  process.stderr.write(
    'src/generated/openapi.ts is older than packages/api/openapi.json: run `pnpm --filter @sojourn/sdk generate`.\n',
  );
  process.exitCode = 1;
}

async function generate(document) {
  const codes = problemCodes(document);
  const types = await openapiTS(openEnums(withoutFailures(document)), {
    // A field with a default may be left out of a request; answers list it as required anyway.
    defaultNonNullable: false,
    transform: (schema) => (schema['x-open'] ? openUnion(schema) : undefined),
  });
  return [
    '// Generated from packages/api/openapi.json by packages/sdk/codegen/generate.mjs. Do not edit.',
    // What is left over (`$defs`) is empty.
    astToString(
      allowUndefined(
        types.filter(({ name }) => ['paths', 'webhooks', 'components', 'operations'].includes(name.text)),
      ),
    ),
    '/** Every problem code of the document. */',
    `export type ProblemCode =\n${codes.map((code) => `    | ${JSON.stringify(code)}`).join('\n')};`,
    '',
  ].join('\n');
}

/** The codes are the names of the examples of each problem answer. */
function problemCodes(document) {
  const codes = new Set();
  for (const operation of operationsOf(document)) {
    for (const response of Object.values(operation.responses)) {
      for (const code of Object.keys(response.content?.['application/problem+json']?.examples ?? {}))
        codes.add(code);
    }
  }
  return [...codes].sort();
}

/** Failures are errors of the client, the same for all operations: they would only swell the types. */
function withoutFailures(document) {
  const copy = structuredClone(document);
  for (const operation of operationsOf(copy)) {
    for (const status of Object.keys(operation.responses))
      if (Number(status) >= 400) delete operation.responses[status];
  }
  delete copy.components?.schemas?.Problem;
  return copy;
}

/**
 * Enums are open in answers: a newer server may send a value that these types do not know. An enum that request bodies
 * take as well stays closed, so that a misspelt value does not compile and what was read can be sent back.
 */
function openEnums(document) {
  const sent = new Set();
  for (const operation of operationsOf(document)) {
    for (const { enum: values } of schemasOf(document, operation.requestBody))
      if (Array.isArray(values)) sent.add(keyOf(values));
  }
  const received = [...operationsOf(document)].map(({ responses }) => responses);
  for (const { post } of Object.values(document.webhooks ?? {})) received.push(post.requestBody);
  for (const part of received) {
    for (const schema of schemasOf(document, part)) {
      const isText = Array.isArray(schema.enum) && schema.enum.some((value) => typeof value === 'string');
      if (isText && !sent.has(keyOf(schema.enum))) schema['x-open'] = true;
    }
  }
  return document;
}

function keyOf(values) {
  return JSON.stringify(values.toSorted());
}

function* operationsOf(document) {
  for (const item of Object.values(document.paths)) {
    for (const [key, operation] of Object.entries(item)) if (key !== 'parameters') yield operation;
  }
}

/** Every object of a part of the document and of the components that it refers to, each once. */
function* schemasOf(document, node, seen = new Set()) {
  if (typeof node !== 'object' || node === null || seen.has(node)) return;
  seen.add(node);
  yield node;
  const name = typeof node.$ref === 'string' && /^#\/components\/schemas\/(.+)$/.exec(node.$ref)?.[1];
  if (name) yield* schemasOf(document, document.components.schemas[name], seen);
  for (const child of Object.values(node)) yield* schemasOf(document, child, seen);
}

/** `'draft' | 'published' | (string & {})`: editors still offer the known values. */
function openUnion({ enum: values }) {
  const { factory, SyntaxKind } = ts;
  const anyString = factory.createParenthesizedType(
    factory.createIntersectionTypeNode([
      factory.createKeywordTypeNode(SyntaxKind.StringKeyword),
      factory.createTypeLiteralNode([]),
    ]),
  );
  const known = values.map((value) =>
    factory.createLiteralTypeNode(value === null ? factory.createNull() : factory.createStringLiteral(value)),
  );
  return factory.createUnionTypeNode([...known, anyString]);
}

/** Optional members may be given as `undefined`, also under `exactOptionalPropertyTypes`: it is never sent. */
function allowUndefined(nodes) {
  const { factory, SyntaxKind } = ts;
  const undefinedType = factory.createKeywordTypeNode(SyntaxKind.UndefinedKeyword);
  const visitorOf = (context) =>
    function visit(node) {
      const inner = ts.visitEachChild(node, visit, context);
      const isOptional =
        ts.isPropertySignature(inner) && inner.questionToken && inner.type.kind !== SyntaxKind.NeverKeyword;
      if (!isOptional) return inner;
      const type = factory.createUnionTypeNode([inner.type, undefinedType]);
      return factory.updatePropertySignature(inner, inner.modifiers, inner.name, inner.questionToken, type);
    };
  return ts.transform(nodes, [(context) => (node) => ts.visitNode(node, visitorOf(context))]).transformed;
}
