import build from 'fast-json-stringify';
import { z } from 'zod';

type JsonSchema = { [key: string]: unknown };

/**
 * A serialiser that writes what the schema names and nothing else, so that a field nobody declared cannot leak.
 * The compiled code is faster than JSON.stringify of a value that was parsed before.
 */
export function serialiserOf(schema: z.ZodType): (value: unknown) => string {
  const jsonSchema = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const definitions = (jsonSchema.$defs ?? {}) as Record<string, JsonSchema>;
  return build(forWriting(jsonSchema, definitions) as never) as (value: unknown) => string;
}

/** The schema as the serialiser needs it: references resolved, "or null" as a flag, no rules that only readers check. */
function forWriting(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema {
  if (typeof schema.$ref === 'string')
    return forWriting(definitions[schema.$ref.replace('#/$defs/', '')]!, definitions);
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices) {
    const present = choices
      .filter((choice) => choice.type !== 'null')
      .map((choice) => forWriting(choice, definitions));
    const nullable = present.length < choices.length;
    if (present.length === 1) return { ...present[0], nullable };
    return { anyOf: nullable ? [...present, { type: 'null' }] : present };
  }
  if (Array.isArray(schema.type)) {
    const [type] = schema.type.filter((name) => name !== 'null');
    return { type, nullable: true };
  }
  if (schema.type === 'object') {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
    return {
      type: 'object',
      properties: Object.fromEntries(
        properties.map(([name, property]) => [name, forWriting(property, definitions)]),
      ),
      ...(schema.required ? { required: schema.required } : {}),
      ...(typeof schema.additionalProperties === 'object'
        ? { additionalProperties: forWriting(schema.additionalProperties as JsonSchema, definitions) }
        : {}),
    };
  }
  if (schema.type === 'array')
    return { type: 'array', items: forWriting(schema.items as JsonSchema, definitions) };
  // By its tag the serialiser knows which of several shapes an object has.
  if (schema.const !== undefined) return { type: schema.type, enum: [schema.const] };
  return schema.type ? { type: schema.type } : {};
}
