import { describe, expect, test } from 'vitest';
import { planFor } from './plan.ts';
import { SORTS } from './search.ts';

describe('the plan', () => {
  test('merges the cells when much matches and an index has the order', () => {
    expect(planFor({}, 'relevance')).toBe('merged');
    expect(planFor({ guests: 2, currency: 'USD', minPrice: 1, maxPrice: 2 }, 'price')).toBe('merged');
    expect(planFor({ guests: 4, amenities: ['wifi', 'kitchen'] }, 'relevance')).toBe('merged');
  });

  test('sorts when no index has the order', () => {
    expect(planFor({}, 'rating')).toBe('sorted');
    expect(planFor({ guests: 2 }, 'distance')).toBe('sorted');
  });

  test('gathers when little matches', () => {
    expect(planFor({ roomTypes: ['hotelRoom'] }, 'price')).toBe('gathered');
    expect(planFor({ guests: 6, bedrooms: 2, amenities: ['pool'] }, 'relevance')).toBe('gathered');
    expect(planFor({ roomTypes: ['sharedRoom', 'hotelRoom'] }, 'rating')).toBe('gathered');
  });

  test('gathers what has the words, whatever the order', () => {
    for (const sort of SORTS) expect(planFor({ words: 'loft' }, sort)).toBe('gathered');
  });

  test('takes several types together', () => {
    expect(planFor({ roomTypes: ['privateRoom', 'sharedRoom'] }, 'relevance')).toBe('merged');
  });
});
