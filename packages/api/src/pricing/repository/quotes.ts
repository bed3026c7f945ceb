import { CompiledQuery, sql } from 'kysely';
import type pg from 'pg';
import type { Db, Tx } from '../../platform/context.ts';
import type { Quote } from '../model/quote.ts';
import type { Terms } from '../model/terms.ts';

const INSERT = `insert into quotes
  (id, listing_id, guest_id, check_in, check_out, guests, pets, terms, total, currency, created_at, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

/** Outside of a transaction the statement is planned once a connection. */
export async function insertQuote(db: Db, pool: pg.Pool, quote: Quote): Promise<void> {
  const values = [
    quote.id,
    quote.listingId,
    quote.guestId,
    quote.checkIn,
    quote.checkOut,
    quote.guests,
    quote.pets,
    JSON.stringify(quote.terms),
    quote.terms.total,
    quote.terms.currency,
    quote.createdAt,
    quote.expiresAt,
  ];
  if (db.isTransaction) await db.executeQuery(CompiledQuery.raw(INSERT, values));
  else await pool.query({ name: 'quote_insert', text: INSERT, values });
}

const select = (db: Db) =>
  db
    .selectFrom('quotes')
    .innerJoin('listings', 'listings.id', 'quotes.listing_id')
    .select([
      'quotes.id',
      'quotes.listing_id as listingId',
      'listings.host_id as hostId',
      'quotes.guest_id as guestId',
      'quotes.check_in as checkIn',
      'quotes.check_out as checkOut',
      'quotes.guests',
      'quotes.pets',
      'quotes.terms',
      'quotes.created_at as createdAt',
      'quotes.expires_at as expiresAt',
    ]);

// Terms are stored as the model made them.
const quoteOf = (row: Omit<Quote, 'terms'> & { terms: unknown }): Quote => ({
  ...row,
  terms: row.terms as Terms,
});

export async function findQuote(db: Db, id: string): Promise<Quote | undefined> {
  const row = await select(db).where('quotes.id', '=', id).executeTakeFirst();
  return row && quoteOf(row);
}

/** Keeps others from making a booking of the same quote at the same time. */
export async function lockQuote(tx: Tx, id: string): Promise<Quote | undefined> {
  const row = await select(tx).where('quotes.id', '=', id).forUpdate('quotes').executeTakeFirst();
  return row && quoteOf(row);
}

/** Removes up to `limit` quotes that expired before an instant; answers how many. */
export async function removeExpiredQuotes(db: Db, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from quotes where id in (
    select id from quotes where expires_at < ${before} order by expires_at limit ${limit})`.execute(db);
  return Number(numAffectedRows ?? 0);
}
