import { type RawBuilder, sql } from 'kysely';

export type Fragment = RawBuilder<unknown>;
export type Condition = RawBuilder<boolean>;

export const and = (conditions: readonly Condition[]): Condition =>
  conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
