import { sql } from 'kysely';
import type { Db } from '../../platform/context.ts';
import { MAX_CELLS } from '../model/grid.ts';
import type { PlaceReading } from '../model/place.ts';
import type { Area } from '../model/search.ts';
import { foldedNames } from './conditions.ts';

/**
 * The cells of a place, by the first of its readings that names one where there are listings. Undefined when none does.
 */
export async function findPlace(db: Db, readings: readonly PlaceReading[]): Promise<Area | undefined> {
  if (readings.length === 0) return undefined;
  // Names of one place occur in the same cells: the Brooklyn that is meant is the one where NY is too.
  const candidates = readings.map(([name, ...wider], reading) => {
    const alsoNamed = wider.map(
      (names) => sql`and exists (
        select from listing_search_places as wider
        where wider.small_cell = places.small_cell and wider.name = any(${foldedNames(names)}))`,
    );
    return sql`select ${reading}::integer as reading, small_cell from listing_search_places as places
      where name = any(${foldedNames(name)}) ${sql.join(alsoNamed, sql` `)}`;
  });
  const { rows } = await sql<{ reading: number; small: number[] | null; large: number[] }>`
    with candidates as materialized (${sql.join(candidates, sql` union all `)})
    select reading,
      case when count(distinct small_cell) <= ${MAX_CELLS} then array_agg(distinct small_cell) end as small,
      array_agg(distinct small_cell / 7200 / 20 * 360 + small_cell % 7200 / 20) as large
    from candidates
    group by reading order by reading limit 1`.execute(db);
  const [found] = rows;
  if (!found) return undefined;
  const cells = found.small
    ? { size: 'small' as const, numbers: found.small }
    : { size: 'large' as const, numbers: found.large };
  return { kind: 'place', names: readings[found.reading]!, cells };
}
