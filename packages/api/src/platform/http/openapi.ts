import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Problem } from '../problem.ts';
import {
  authenticationRequired,
  bodyTooLarge,
  idempotencyInProgress,
  idempotencyKeyReused,
  insufficientScope,
  internalError,
  invalidCredentials,
  invalidCursor,
  invalidIdempotencyKey,
  invalidRequest,
  malformedRequest,
  overloaded,
  preconditionFailed,
  rateLimited,
  requestTooSlow,
  unsupportedMediaType,
} from '../problems.ts';
import type { Contract, Route } from './route.ts';

/** Whether requests bring something: JSON of a schema, or what is signed. */
export const hasBody = ({ request, signedBy }: Contract): boolean =>
  request.body !== undefined || signedBy !== undefined;

/** Every problem that a route may answer with: its own, and those that follow from its contract. */
export function allowedProblems(contract: Contract): Problem[] {
  const { request, access, idempotent, conditional, problems = [] } = contract;
  return [
    ...problems,
    ...(request.params || request.query || request.body ? [invalidRequest] : []),
    ...(request.query && 'cursor' in request.query.shape ? [invalidCursor] : []),
    ...(hasBody(contract) ? [malformedRequest, bodyTooLarge, unsupportedMediaType, requestTooSlow] : []),
    ...(idempotent ? [invalidIdempotencyKey, idempotencyKeyReused, idempotencyInProgress] : []),
    ...(conditional ? [preconditionFailed] : []),
    ...(access.kind === 'open' ? [] : [authenticationRequired]),
    ...(access.kind === 'scope' ? [insufficientScope] : []),
    invalidCredentials,
    rateLimited,
    internalError,
    overloaded,
  ];
}

/** What another program signs is of its shape, not of ours. */
const Signed = z
  .looseObject({})
  .meta({ examples: [{ id: 'evt_1', object: 'event', type: 'thing.happened' }] });

const ProblemSchema = z
  .looseObject({
    type: z.string().meta({ description: 'URL of the page about this code.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.string().meta({ description: 'Stable; branch on this.' }),
    requestId: z.string().optional(),
    errors: z
      .array(z.looseObject({ pointer: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'All that is wrong with the request, each by JSON pointer.' }),
  })
  .meta({ id: 'Problem', description: 'A failure, after RFC 9457.' });

const exampleOf = (problem: Problem, problemsUrl: string) => ({
  summary: problem.title,
  value: {
    type: `${problemsUrl}/${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.title,
    code: problem.code,
    requestId: '0198c0de-5a1e-7000-8000-000000000000',
    ...(problem.members?.meta()?.examples?.[0] as object | undefined),
  },
});

/** The shape of problems of one status. What only some of them tell may be missing. */
function schemaOf(problems: readonly Problem[]) {
  const members = problems.map((problem) => problem.members?.partial().shape ?? {});
  return members.some((shape) => Object.keys(shape).length > 0)
    ? ProblemSchema.extend(Object.assign({}, ...members))
    : ProblemSchema;
}

export interface DocumentInfo {
  title: string;
  version: string;
  description: string;
  problemsUrl: string;
  tags: { name: string; description: string }[];
  /** What the server sends by itself, by its name: the body of each delivery. */
  webhooks: Readonly<Record<string, { summary: string; body: z.ZodType }>>;
}

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly Route[], info: DocumentInfo) {
  const paths: ZodOpenApiPathsObject = {};
  for (const { contract } of routes) {
    paths[contract.path] = {
      ...paths[contract.path],
      [contract.method]: operationOf(contract, info.problemsUrl),
    };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: info.title,
      version: info.version,
      description: info.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that publishes this document' }],
    tags: info.tags,
    security: [],
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token from `POST /v1/auth/login`, or an API key.',
        },
      },
    },
    paths,
    webhooks: Object.fromEntries(
      Object.entries(info.webhooks).map(([name, { summary, body }]) => [
        name,
        { post: webhookOf(summary, body) },
      ]),
    ),
  });
}

const webhookOf = (summary: string, body: z.ZodType): ZodOpenApiOperationObject => ({
  summary,
  tags: ['Webhooks'],
  requestBody: { required: true, content: { 'application/json': { schema: body } } },
  responses: { '2XX': { description: 'Received; every other answer is tried again.' } },
});

function operationOf(contract: Contract, problemsUrl: string): ZodOpenApiOperationObject {
  const { request, access } = contract;
  const headers = headersOf(contract);
  return {
    operationId: contract.operationId,
    tags: [contract.tag],
    summary: contract.summary,
    description: descriptionOf(contract),
    ...(access.kind === 'open' ? {} : { security: [{ bearer: [] }] }),
    requestParams: {
      ...(request.params ? { path: request.params } : {}),
      ...(request.query ? { query: request.query } : {}),
      ...(headers ? { header: headers } : {}),
    },
    ...(hasBody(contract)
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: request.body ?? Signed } },
          },
        }
      : {}),
    responses: {
      [String(contract.status)]: successOf(contract),
      ...problemResponses(allowedProblems(contract), problemsUrl),
    },
  } as ZodOpenApiOperationObject;
}

function descriptionOf({ description, access, summary }: Contract): string {
  const needs =
    access.kind === 'scope'
      ? `Needs the scope \`${access.scope}\`.`
      : access.kind === 'signedIn'
        ? 'Needs credentials of any scope.'
        : 'Open to everybody.';
  return `${description ?? `${summary}.`}\n\n${needs}`;
}

function headersOf({ idempotent, conditional, signedBy }: Contract) {
  const shape: Record<string, z.ZodType> = {};
  if (idempotent)
    shape['Idempotency-Key'] = z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({
        description: 'A repeat with the same key and request gets the first answer again, for 24 hours.',
        examples: ['7f1c1a52-8f0b-4f0e-9a55-2f4f5f9b6c11'],
      });
  if (conditional)
    shape['If-Match'] = z
      .string()
      .max(200)
      .optional()
      .meta({
        description: 'The `ETag` that the change is based on; another version is answered 412.',
        examples: ['"3"'],
      });
  if (signedBy !== undefined)
    shape[signedBy] = z
      .string()
      .max(2_000)
      .meta({ description: 'Signs the body; made with the secret of this endpoint.' });
  return Object.keys(shape).length > 0 ? z.object(shape) : undefined;
}

function successOf({ response, stream, media, summary, etag, lateBody }: Contract) {
  const headers = {
    'Request-Id': { description: 'Names this request in our log.', schema: { type: 'string' as const } },
    ...(etag || lateBody
      ? { ETag: { description: 'The version of this answer.', schema: { type: 'string' as const } } }
      : {}),
  };
  if (!response) return { description: `${summary}: done.`, headers };
  return {
    description: `${summary}: done.`,
    headers,
    content: { [stream ?? media ?? 'application/json']: { schema: response } },
  };
}

function problemResponses(problems: readonly Problem[], problemsUrl: string) {
  const byStatus = Map.groupBy(problems, ({ status }) => status);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, group]) => [
        String(status),
        {
          description: [...new Set(group.map(({ code, title }) => `\`${code}\`: ${title}.`))].join(' '),
          content: {
            'application/problem+json': {
              schema: schemaOf(group),
              examples: Object.fromEntries(
                group.map((problem) => [problem.code, exampleOf(problem, problemsUrl)]),
              ),
            },
          },
        },
      ]),
  );
}
