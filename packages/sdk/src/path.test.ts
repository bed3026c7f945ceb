import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../test/text.ts';
import { expandPath, queryString } from './path.ts';

describe('expandPath', () => {
  test('fills in names', () => {
    expect(
      expandPath('/v1/listings/{listingId}/photos/{photoId}', { listingId: 'lst_1', photoId: 'pho_2' }),
    ).toBe('/v1/listings/lst_1/photos/pho_2');
  });

  test.each(['', '.', '..', '\ud800'])('refuses %j', (listingId) => {
    expect(() => expandPath('/v1/listings/{listingId}', { listingId })).toThrow(/listingId must be an id/);
  });

  test('refuses a missing value, also one that every object has', () => {
    expect(() => expandPath('/v1/listings/{listingId}')).toThrow('listingId must be an id, not undefined');
    expect(() => expandPath('/v1/{toString}')).toThrow('toString must be an id');
  });

  test('keeps every value in its own segment', () => {
    fc.assert(
      fc.property(anyText(1), (id) => {
        fc.pre(id !== '.' && id !== '..');
        const url = new URL(expandPath('/v1/listings/{id}/publish', { id }), 'http://localhost');
        const segments = url.pathname.split('/');
        expect(segments).toHaveLength(5);
        expect(decodeURIComponent(segments[3]!)).toBe(id);
        expect(url.search + url.hash).toBe('');
      }),
    );
  });
});

test('queryString leaves out what is not there, and repeats lists', () => {
  expect(
    queryString({
      q: 'a b&c',
      limit: 0,
      instantBook: false,
      cursor: undefined,
      place: null,
      amenities: ['wifi', 'pool'],
    }),
  ).toBe('q=a+b%26c&limit=0&instantBook=false&amenities=wifi&amenities=pool');
  expect(queryString(undefined)).toBe('');
});
