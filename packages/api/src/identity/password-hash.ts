import { createHmac } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import pLimit from 'p-limit';
import type { Context } from '../platform/context.ts';
import { overloaded } from '../platform/problems.ts';
import { normalisePassword } from './password-rules.ts';

/** argon2id after the OWASP Password Storage Cheat Sheet; about 12 ms and 19 MiB a hash. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;

/**
 * The part of a stored hash (PHC string form) before its digest: algorithm, cost and salt. Hashing a password under the
 * head of a stored hash gives that very hash when the password is right.
 */
export type HashHead = string;

const HEAD = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$$/;

/** The head that a password of this address is hashed under today. All accounts of one address share it: docs/adr/0002. */
export function currentHead(saltKey: Buffer, email: string): HashHead {
  const salt = createHmac('sha256', saltKey).update(email.toLowerCase()).digest().subarray(0, 16);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${salt.toString('base64').replace(/=+$/, '')}$`;
}

// Hashing takes a processor each time. Two at once use both of a small machine and leave half of Node's four worker
// threads to everything else; who comes when the queue is long is told to come back rather than made to wait.
const AT_ONCE = 2;
const MAX_WAITING = 64;
/** Those who wait inside a transaction hold a database connection that others need. */
const MAX_WAITING_WITH_CONNECTION = 4;
const slots = pLimit(AT_ONCE);

/**
 * Refuses while too many passwords wait for their turn. A verb that is going to hash asks before anything else, so that
 * turning somebody away costs no statement.
 *
 * @throws `overloaded`
 */
export function assertHashingIsFree({ db }: Context): void {
  if (slots.pendingCount >= (db.isTransaction ? MAX_WAITING_WITH_CONNECTION : MAX_WAITING))
    throw overloaded({
      detail: 'Too many passwords are being checked at the moment.',
      headers: { 'Retry-After': '1' },
    });
}

/** @throws `overloaded` when too many passwords wait for their turn */
export async function hashPassword(ctx: Context, password: string, head: HashHead): Promise<string> {
  const [, memoryCost, timeCost, parallelism, salt] = HEAD.exec(head) ?? [];
  if (!salt) throw new TypeError('a stored password hash has an unknown form');
  assertHashingIsFree(ctx);
  return slots(() =>
    hash(normalisePassword(password), {
      memoryCost: Number(memoryCost),
      timeCost: Number(timeCost),
      parallelism: Number(parallelism),
      salt: Buffer.from(salt, 'base64'),
    }),
  );
}
