import type { QueryValue, Scalar } from './options.ts';
import { SojournError } from './sojourn-error.ts';

/**
 * Fills the `{names}` of a path template. Every value becomes exactly one segment: slashes and the like are escaped,
 * and what would still change the path (nothing, `.`, `..`) is refused.
 */
export function expandPath(template: string, values: Readonly<Record<string, Scalar>> = {}): string {
  if (!template.startsWith('/'))
    throw new SojournError(`A path begins with "/", unlike ${JSON.stringify(template)}.`);
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const text = value === undefined || value === null ? '' : String(value);
    if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) {
      throw new SojournError(`${name} must be an id, not ${JSON.stringify(value) ?? 'undefined'}.`);
    }
    return encodeURIComponent(text);
  });
}

/** A query string without its `?`. Lists repeat their name; null and undefined are left out. */
export function queryString(query: Readonly<Record<string, QueryValue>> | undefined): string {
  if (!query) return '';
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') for (const item of value) search.append(name, String(item));
    else search.append(name, String(value));
  }
  return search.toString();
}
