import { readdirSync, readFileSync } from 'node:fs';

/**
 * The pages of docs/errors by code, in Markdown. In a checkout they are read from there; the bundle carries them as text
 * (tsdown.config.ts puts a table in the place of this module), so that `sojourn explain` needs neither files nor a server.
 */
export function problemPages(): Record<string, string> {
  const folder = new URL('../../../docs/errors/', import.meta.url);
  const names = readdirSync(folder).filter((name) => /^[a-z][a-z0-9_]*\.md$/.test(name));
  return Object.fromEntries(
    names.sort().map((name) => [name.slice(0, -3), readFileSync(new URL(name, folder), 'utf8')]),
  );
}
