import { describe, expect, test } from 'vitest';
import { readPlace } from './place.ts';

describe('a place is read', () => {
  test('by its very name first, then by another spelling of it', () => {
    expect(readPlace('Brooklyn')).toEqual([[['Brooklyn']], [['Brooklyn']]]);
    expect(readPlace('Japan')).toEqual([[['Japan']], [['Japan', '=JP']]]);
    expect(readPlace('California')).toEqual([[['California']], [['California', 'CA']]]);
  });

  test('within what stands behind a comma, by any spelling of that', () => {
    const [first] = readPlace('Brooklyn, ny');
    expect(first).toEqual([['Brooklyn'], ['ny', 'New York', '=NY']]);
    expect(readPlace('Vancouver, Canada')[0]).toEqual([['Vancouver'], ['Canada', '=CA']]);
    expect(readPlace('London , UK ')[0]).toEqual([['London'], ['UK', '=GB', '=UK']]);
  });

  test('with its last words as what it lies in, when there is no comma', () => {
    const readings = readPlace('New York NY');
    expect(readings[0]).toEqual([['New York NY']]);
    expect(readings[1]).toEqual([['New York'], ['NY', 'New York', '=NY']]);
    expect(readings[2]).toEqual([['New'], ['York NY']]);
  });

  test('whatever its spaces and forms of letters', () => {
    expect(readPlace('  Ｎew \u00a0 York ,, US ')[0]).toEqual([['New York'], ['US', '=US']]);
    expect(readPlace(' , ,')).toEqual([]);
  });
});
