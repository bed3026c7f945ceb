import { describe, expect, test } from 'vitest';
import { boxBetween } from './grid.ts';
import { planFor } from './plan.ts';
import { type Area, type Filters, SORTS, type Sort } from './search.ts';

const box: Area = { kind: 'box', box: boxBetween({ west: 1, south: 1, east: 2, north: 2 }) };
const plan = (filters: Filters, sort: Sort, area: Area = box) => planFor({ filters, area, sort });

describe('the plan', () => {
  test('merges the cells when much matches and an index has the order', () => {
    expect(plan({}, 'relevance')).toBe('merged');
    expect(plan({ guests: 2, currency: 'USD', minPrice: 1, maxPrice: 2 }, 'price')).toBe('merged');
    expect(plan({ guests: 4, amenities: ['wifi', 'kitchen'] }, 'relevance')).toBe('merged');
  });

  test('sorts when no index has the order, or one has it everywhere', () => {
    expect(plan({}, 'rating')).toBe('sorted');
    expect(plan({ guests: 2 }, 'distance')).toBe('sorted');
    expect(plan({}, 'relevance', { kind: 'everywhere' })).toBe('sorted');
  });

  test('gathers when little matches', () => {
    expect(plan({ roomTypes: ['hotelRoom'] }, 'price')).toBe('gathered');
    expect(plan({ guests: 6, bedrooms: 2, amenities: ['pool'] }, 'relevance')).toBe('gathered');
    expect(plan({ roomTypes: ['sharedRoom', 'hotelRoom'] }, 'rating')).toBe('gathered');
  });

  test('gathers what has the words, whatever the order', () => {
    for (const sort of SORTS) expect(plan({ words: 'loft' }, sort)).toBe('gathered');
  });

  test('takes several types together', () => {
    expect(plan({ roomTypes: ['privateRoom', 'sharedRoom'] }, 'relevance')).toBe('merged');
  });
});
