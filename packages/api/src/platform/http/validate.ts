import type { z } from 'zod';
import type { FieldError } from '../problem.ts';
import { invalidRequest } from '../problems.ts';

const escapePointer = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** Each issue of a schema as pointer, code and message: one entry a value, unknown fields by name. */
export function fieldErrors(error: z.ZodError, base = ''): FieldError[] {
  return error.issues.flatMap((issue) => {
    const pointer = base + issue.path.map((part) => `/${escapePointer(part)}`).join('');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        code: 'unknown_field',
        message: 'is not a field here',
      }));
    const missing =
      issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message);
    return [
      { pointer, code: missing ? 'required' : issue.code, message: missing ? 'is required' : issue.message },
    ];
  });
}

interface Part {
  name: 'params' | 'query' | 'body';
  schema: z.ZodType | undefined;
  value: unknown;
}

/** Parses the parts of a request, or fails with everything that is wrong in any of them. */
export function parseRequest(parts: readonly Part[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const { name, schema, value } of parts) {
    if (!schema) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else errors.push(...fieldErrors(parsed.error, name === 'body' ? '' : `/${name}`));
  }
  if (errors.length > 0) throw invalidRequest({ detail: summaryOf(errors), errors });
  return values;
}

function summaryOf(errors: readonly FieldError[]): string {
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more in \`errors\`)` : '';
  return `${first!.pointer || 'The body'}: ${first!.message}${rest}.`;
}
