import { randomBytes } from 'node:crypto';
import { parseOptions, verify } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import type { Context } from '../platform/context.ts';
import { currentHead, hashPassword } from './password-hash.ts';

const ctx = { db: { isTransaction: false } } as Context;
const inTransaction = { db: { isTransaction: true } } as Context;
const saltKey = randomBytes(32);
const head = currentHead(saltKey, 'ada@example.com');

test('is argon2id of the intended cost, as any implementation verifies it', async () => {
  const stored = await hashPassword(ctx, 'harbour-lantern-42', head);
  expect(stored.startsWith('$argon2id$v=19$m=19456,t=2,p=1$')).toBe(true);
  expect(parseOptions(stored)).toMatchObject({
    memoryCost: 19_456,
    timeCost: 2,
    parallelism: 1,
    outputLen: 32,
    saltLen: 16,
  });
  expect(await verify(stored, 'harbour-lantern-42')).toBe(true);
  expect(await verify(stored, 'harbour-lantern-43')).toBe(false);
});

test('gives the stored hash again under its head, and only for the right password', async () => {
  const stored = await hashPassword(ctx, 'harbour-lantern-42', head);
  expect(await hashPassword(ctx, 'harbour-lantern-42', head)).toBe(stored);
  expect(await hashPassword(ctx, 'harbour-lantern-43', head)).not.toBe(stored);
});

test('takes every way to type a character as one', async () => {
  expect(await hashPassword(ctx, 'cafe\u0301 au lait', head)).toBe(
    await hashPassword(ctx, 'caf\u00e9 au lait', head),
  );
});

test('salts by the address, whatever its case, and by the installation', () => {
  expect(currentHead(saltKey, 'ADA@example.com')).toBe(head);
  expect(currentHead(saltKey, 'bob@example.com')).not.toBe(head);
  expect(currentHead(randomBytes(32), 'ada@example.com')).not.toBe(head);
});

test('follows the cost that an old hash was made with', async () => {
  const old = head.replace('m=19456,t=2', 'm=1024,t=1');
  const stored = await hashPassword(ctx, 'harbour-lantern-42', old);
  expect(stored.startsWith(old)).toBe(true);
  expect(await verify(stored, 'harbour-lantern-42')).toBe(true);
});

test('turns away whom it cannot serve soon, those who hold a connection much earlier', async () => {
  const cheap = head.replace('m=19456,t=2', 'm=64,t=1');
  const busy = Array.from({ length: 2 }, () => hashPassword(ctx, 'first', head));
  const waiting = Array.from({ length: 4 }, () => hashPassword(inTransaction, 'held', cheap));
  await expect(hashPassword(inTransaction, 'one too many', cheap)).rejects.toMatchObject({
    headers: { 'Retry-After': '1' },
  });
  waiting.push(...Array.from({ length: 60 }, () => hashPassword(ctx, 'plain', cheap)));
  await expect(hashPassword(ctx, 'one too many', cheap)).rejects.toThrow(/Too many passwords/);
  await Promise.all([...busy, ...waiting]);
  await expect(hashPassword(inTransaction, 'served again', cheap)).resolves.toMatch(/^\$argon2id/);
});
