import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, readConfig, settingNames } from './config.ts';
import { decodeCursor, encodeCursor } from './http/cursor.ts';
import { serialiserOf } from './http/serialise.ts';
import { newUuid, publicId, uuidOf } from './id.ts';
import { ProblemError } from './problem.ts';
import { openKeyring } from './secrets.ts';

describe('ids', () => {
  test('go out and come back', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(uuidOf('lst', publicId('lst', uuid))).toBe(uuid);
        expect(uuidOf('usr', publicId('lst', uuid))).toBeUndefined();
      }),
    );
  });

  test('any other text is nobody’s id and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(uuidOf('lst', text)).toBeUndefined();
      }),
    );
    expect(uuidOf('lst', `lst_8${'0'.repeat(25)}`)).toBeUndefined();
  });

  test('follow time', () => {
    const earlier = newUuid(new Date('2026-01-01T00:00:00.000Z'));
    const later = newUuid(new Date('2026-01-01T00:00:00.001Z'));
    expect(earlier < later).toBe(true);
    expect(later).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('cursors', () => {
  const Position = z.tuple([z.number(), z.string()]);
  test('continue their own list only', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (number, text) => {
        const cursor = encodeCursor({ sort: 'price' }, [number, text]);
        expect(decodeCursor({ sort: 'price' }, cursor, Position)).toEqual([number, text]);
        expect(() => decodeCursor({ sort: 'rating' }, cursor, Position)).toThrow(ProblemError);
      }),
    );
  });

  test('whatever else is sent is a problem, never a failure', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor({}, text, Position)).toThrow(ProblemError);
      }),
    );
  });
});

describe('the serialiser', () => {
  const Inner = z.object({ amount: z.int(), currency: z.string() }).meta({ id: 'SerialiserTestMoney' });
  const schema = z.object({
    id: z.string(),
    price: Inner.nullable(),
    prices: z.array(Inner),
    rating: z.number().nullable(),
    note: z.string().optional(),
    kind: z.enum(['a', 'b']).nullable(),
  });

  test('writes what the schema names, at every depth', () => {
    const price = { amount: 1, currency: 'EUR', internal: 'leak' };
    const written = JSON.parse(
      serialiserOf(schema)({ id: 'x', price, prices: [price], rating: null, kind: null, hash: 'leak' }),
    );
    expect(written).toEqual({
      id: 'x',
      price: { amount: 1, currency: 'EUR' },
      prices: [{ amount: 1, currency: 'EUR' }],
      rating: null,
      kind: null,
    });
  });

  test('writes of several shapes the one that the tag names, and only what is in that', () => {
    const Cat = z.object({ kind: z.literal('cat'), lives: z.int() }).meta({ id: 'SerialiserTestCat' });
    const Dog = z.object({ kind: z.literal('dog'), walks: z.int() }).meta({ id: 'SerialiserTestDog' });
    const serialise = serialiserOf(z.object({ pet: z.union([Cat, Dog, z.null()]) }));
    const written = (pet: unknown) => JSON.parse(serialise({ pet })).pet;
    expect(written({ kind: 'cat', lives: 9, chip: 'leak' })).toEqual({ kind: 'cat', lives: 9 });
    expect(written({ kind: 'dog', walks: 2, lives: 9 })).toEqual({ kind: 'dog', walks: 2 });
    expect(written(null)).toBeNull();
  });

  test('writes the JSON that JSON.stringify would, for any text', () => {
    const serialise = serialiserOf(z.object({ text: z.string() }));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(serialise({ text }))).toEqual({ text });
      }),
    );
  });
});

describe('secrets', () => {
  const [old, current] = ['o'.repeat(32), 'c'.repeat(32)] as const;
  test('a new secret seals, the old one still opens', () => {
    const sealed = openKeyring([old]).seal(Buffer.from('answer'), 'test');
    expect(openKeyring([current, old]).open(sealed, 'test')?.toString()).toBe('answer');
    expect(openKeyring([current]).open(sealed, 'test')).toBeUndefined();
    expect(openKeyring([old]).open(sealed, 'other purpose')).toBeUndefined();
    expect(openKeyring([current, old]).verifying.size).toBe(2);
  });
});

describe('settings', () => {
  test('all problems are told at once, without the values', () => {
    const read = () =>
      readConfig({
        PORT: 'http',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://user:hunter2@host/db',
        SOJOURN_SECRET: 'hunter2',
      });
    expect(read).toThrow(ConfigError);
    try {
      read();
    } catch (error) {
      const { message } = error as Error;
      for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'SOJOURN_SECRET'])
        expect(message).toContain(name);
      expect(message).not.toContain('hunter2');
    }
  });

  test('live mode needs its own secret and database', () => {
    expect(() => readConfig({ SOJOURN_MODE: 'live' })).toThrow(/SOJOURN_SECRET[\s\S]*DATABASE_URL/);
    expect(readConfig({}).requirePhotos).toBe(false);
  });

  test('are known by name', () => expect(settingNames).toContain('SOJOURN_MODE'));
});
