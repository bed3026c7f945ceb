import { invalid } from './errors.ts';
import type { Form } from './form.ts';

/** Reads one parameter; `undefined` in and out when it was not given. */
export interface Field<T> {
  read(value: string | Form | undefined, name: string): T;
}
// biome-ignore lint/complexity/noBannedTypes: a shape may have no fields at all.
export type Shape = Record<string, Field<unknown>> | {};
export type Values<S> = { [K in keyof S]: S[K] extends Field<infer T> ? T : never };

/** Reads all parameters of a request, and refuses those that are not in the shape. */
export function readParams<S extends Shape>(shape: S, form: Form, within = ''): Values<S> {
  const fields = shape as Record<string, Field<unknown>>;
  const nameOf = (key: string) => (within ? `${within}[${key}]` : key);
  const unknown = Object.keys(form).filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) {
    const names = unknown.map(nameOf);
    const noun = names.length === 1 ? 'parameter' : 'parameters';
    throw invalid(`Received unknown ${noun}: ${names.join(', ')}`, {
      code: 'parameter_unknown',
      param: names[0]!,
    });
  }
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, field.read(form[key], nameOf(key))]),
  ) as Values<S>;
}

export const required = <T>(field: Field<T | undefined>): Field<T> => ({
  read(value, name) {
    const found = field.read(value, name);
    if (found === undefined) {
      throw invalid(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
    }
    return found;
  },
});

/** An empty text unsets the parameter. */
export const unsettable = <T>(field: Field<T | undefined>): Field<T | null | undefined> => ({
  read: (value, name) => (value === '' ? null : field.read(value, name)),
});

const simple = <T>(parse: (value: string, name: string) => T): Field<T | undefined> => ({
  read(value, name) {
    if (value === undefined) return undefined;
    if (typeof value === 'object') {
      throw invalid(`Invalid string: ${JSON.stringify(value)}`, { param: name });
    }
    if (value === '') throw emptied(name);
    return parse(value, name);
  },
});

const emptied = (name: string) =>
  invalid(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param: name },
  );

export const text = (max = 5000): Field<string | undefined> =>
  simple((value, name) => {
    if (value.length > max) {
      throw invalid(`Invalid string: ${value.slice(0, 20)}...; must be at most ${max} characters`, {
        code: 'parameter_invalid_string_too_long',
        param: name,
      });
    }
    return value;
  });

export const integer = (min = Number.MIN_SAFE_INTEGER): Field<number | undefined> =>
  simple((value, name) => {
    const number = Number(value);
    if (!/^-?\d{1,15}$/.test(value)) {
      throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param: name });
    }
    if (number < min) {
      throw invalid(
        min === 1
          ? 'This value must be greater than or equal to 1.'
          : `Invalid integer: ${value} is less than ${min}`,
        { code: 'parameter_invalid_integer', param: name },
      );
    }
    return number;
  });

export const bool = (): Field<boolean | undefined> =>
  simple((value, name) => {
    if (value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, { param: name });
    return value === 'true';
  });

export const oneOf = <const T extends string>(...words: T[]): Field<T | undefined> =>
  simple((value, name) => {
    const found = words.find((word) => word === value);
    if (found === undefined) {
      throw invalid(`Invalid ${name}: must be one of ${words.join(', ')}`, { param: name });
    }
    return found;
  });

export const email = (): Field<string | undefined> =>
  simple((value, name) => {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
      throw invalid(`Invalid email address: ${value}`, { code: 'email_invalid', param: name });
    }
    return value;
  });

export const url = (): Field<string | undefined> =>
  simple((value, name) => {
    if (!URL.canParse(value) || !/^https?:/.test(value)) {
      throw invalid('Not a valid URL', { code: 'url_invalid', param: name });
    }
    return value;
  });

export const object = <S extends Shape>(shape: S): Field<Values<S> | undefined> => ({
  read(value, name) {
    if (value === undefined) return undefined;
    if (typeof value === 'string')
      throw value === '' ? emptied(name) : invalid('Invalid object', { param: name });
    return readParams(shape, value, name);
  },
});

export const list = <T>(field: Field<T | undefined>): Field<T[] | undefined> => ({
  read(value, name) {
    if (value === undefined) return undefined;
    if (typeof value === 'string') {
      if (value === '') return [];
      throw invalid('Invalid array', { param: name });
    }
    return Object.entries(value).map(([index, item]) => required(field).read(item, `${name}[${index}]`));
  },
});

/** Accepted as Stripe accepts it, and of no effect here. */
export const ignored = (): Field<undefined> => ({ read: () => undefined });

const MAX_KEYS = 50;
const MAX_KEY = 40;
const MAX_VALUE = 500;

/** Names and texts of the caller's; an empty text takes a name away, or all of them. */
export const metadata = (): Field<Record<string, string> | null | undefined> => ({
  read(value, name) {
    if (value === undefined) return undefined;
    if (value === '') return null;
    if (typeof value === 'string') throw invalid('Invalid object', { param: name });
    const entries = Object.entries(value);
    if (entries.length > MAX_KEYS)
      throw invalid(`You can only have ${MAX_KEYS} metadata keys`, { param: name });
    for (const [key, item] of entries) {
      const param = `${name}[${key}]`;
      if (typeof item !== 'string') throw invalid('Metadata values must be strings', { param });
      if (key.length > MAX_KEY)
        throw invalid(`Metadata keys can have up to ${MAX_KEY} characters`, { param });
      if (item.length > MAX_VALUE) {
        throw invalid(`Metadata values can have up to ${MAX_VALUE} characters`, { param });
      }
    }
    return Object.fromEntries(entries) as Record<string, string>;
  },
});

export function mergeMetadata(
  old: Record<string, string>,
  given: Record<string, string> | null | undefined,
): Record<string, string> {
  if (given === null) return {};
  const merged = { ...old, ...given };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
