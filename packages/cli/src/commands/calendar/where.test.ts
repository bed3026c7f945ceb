import { expect, it } from 'vitest';
import { type Selection, where } from './where.ts';

const select = (...texts: string[]) =>
  texts.reduce<Selection | undefined>((before, text) => where(text, before), undefined);

it('selects listings, and narrows the selection each time', () => {
  expect(select('all')).toEqual({ all: true });
  expect(select('tag=beach, lake', 'tag=quiet')).toEqual({ tags: ['beach', 'lake', 'quiet'] });
  expect(select('city=Lisbon', 'country=PT', 'room-type=entirePlace')).toEqual({
    place: { city: 'Lisbon', country: 'PT' },
    roomType: 'entirePlace',
  });
  expect(select('ids=lst_1,lst_2')).toEqual({ listingIds: ['lst_1', 'lst_2'] });
});

it.each(['', 'tag', 'tag=', 'tag=a,,b', 'town=Lisbon', 'all=yes', 'room-type=castle'])(
  'refuses %j',
  (text) => {
    expect(() => where(text, undefined)).toThrow(/must be|is one of/);
  },
);
