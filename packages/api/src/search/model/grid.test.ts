import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Box, boxAround, boxBetween, cellsOf, MAX_CELLS, type Point } from './grid.ts';

/** Thousandths of a degree, as they are stored. */
const stored = fc.record({
  latitude: fc.integer({ min: -90_000, max: 90_000 }),
  longitude: fc.integer({ min: -180_000, max: 179_999 }),
});
const degrees = (limit: number) =>
  fc.integer({ min: -limit * 10_000, max: limit * 10_000 }).map((n) => n / 10_000);
const bbox = fc
  .record({ west: degrees(180), east: degrees(180), edges: fc.tuple(degrees(90), degrees(90)) })
  .map(({ west, east, edges }) => ({ west, east, south: Math.min(...edges), north: Math.max(...edges) }));

const holds = ({ latitudes, longitudes }: Box, point: Point) =>
  point.latitude >= latitudes.from &&
  point.latitude <= latitudes.to &&
  longitudes.some(({ from, to }) => point.longitude >= from && point.longitude <= to);

/** As the database computes them. */
const cellOf = ({ latitude, longitude }: Point, width: number) =>
  Math.trunc((latitude + 90_000) / width) * (360_000 / width) + Math.trunc((longitude + 180_000) / width);

const RADIUS = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;
function metresBetween(a: Point, b: Point): number {
  const half = (angle: number) => Math.sin(radians(angle) / 2) ** 2;
  const haversine =
    half(a.latitude - b.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude - b.longitude);
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

describe('a box', () => {
  test('holds what lies between its edges, the edges included', () => {
    fc.assert(
      fc.property(bbox, stored, ({ west, south, east, north }, point) => {
        const inside = (value: number, from: number, to: number) =>
          value >= from * 1_000 - 1e-6 && value <= to * 1_000 + 1e-6;
        const turns = [0, 360_000].map((turn) => point.longitude + turn);
        const expected =
          inside(point.latitude, south, north) &&
          turns.some((longitude) => inside(longitude, west, west > east ? east + 360 : east));
        expect(holds(boxBetween({ west, south, east, north }), point)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [{ west: 40.758, south: 40.758, east: 40.758, north: 40.758 }, 1],
    [{ west: 179.999, south: 0, east: -179.999, north: 0 }, 3],
    [{ west: 180, south: 0, east: 180, north: 0 }, 1],
    [{ west: -180, south: 0, east: -180, north: 0 }, 1],
    [{ west: -180, south: 0, east: 180, north: 0 }, 360_000],
    [{ west: 10.0001, south: 0, east: 10.0009, north: 0 }, 0],
  ])('%o holds %d points of the grid', (edges, count) => {
    const { longitudes } = boxBetween(edges);
    expect(longitudes.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(count);
  });
});

describe('the box around a circle', () => {
  test('holds all of the circle, over the date line and the poles too', () => {
    const near = fc.record({
      centre: fc.record({ latitude: degrees(90), longitude: degrees(180) }),
      metres: fc.integer({ min: 1, max: 500_000 }),
      bearing: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(near, ({ centre, metres, bearing, share }) => {
        // The point so far off in that direction, rounded like a listing's.
        const angle = (metres * share) / RADIUS;
        const latitude = Math.asin(
          Math.sin(radians(centre.latitude)) * Math.cos(angle) +
            Math.cos(radians(centre.latitude)) * Math.sin(angle) * Math.cos(bearing),
        );
        const east = Math.atan2(
          Math.sin(bearing) * Math.sin(angle) * Math.cos(radians(centre.latitude)),
          Math.cos(angle) - Math.sin(radians(centre.latitude)) * Math.sin(latitude),
        );
        const thousandths = (angle: number) => Math.round((angle * 180_000) / Math.PI);
        const longitude = ((thousandths(radians(centre.longitude) + east) + 540_000) % 360_000) - 180_000;
        const point = { latitude: thousandths(latitude), longitude };
        const away = metresBetween(centre, {
          latitude: point.latitude / 1_000,
          longitude: point.longitude / 1_000,
        });
        fc.pre(Math.round(away) <= metres);
        expect(holds(boxAround(centre, metres), point)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the cells of a box', () => {
  test('cover it, and are never too many', () => {
    fc.assert(
      fc.property(bbox, stored, (edges, point) => {
        const box = boxBetween(edges);
        const cells = cellsOf(box);
        if (!cells.numbers) {
          const { rows, columns } = cells.block!;
          const cell = cellOf(point, 1_000);
          const touched =
            Math.trunc(cell / 360) >= rows.from &&
            Math.trunc(cell / 360) <= rows.to &&
            columns.some(({ from, to }) => cell % 360 >= from && cell % 360 <= to);
          expect(touched || !holds(box, point)).toBe(true);
          return;
        }
        expect(cells.numbers.length).toBeLessThanOrEqual(MAX_CELLS);
        expect(new Set(cells.numbers).size).toBe(cells.numbers.length);
        if (holds(box, point))
          expect(cells.numbers).toContain(cellOf(point, cells.size === 'small' ? 50 : 1_000));
      }),
      { numRuns: 3_000 },
    );
  });

  test('are small for a city, large for a country, and not named for a continent', () => {
    const around = (half: number) =>
      cellsOf(boxBetween({ west: -half, south: -half, east: half, north: half }));
    expect(around(0.2)).toMatchObject({ size: 'small', numbers: expect.any(Array) });
    expect(around(3)).toMatchObject({ size: 'large', numbers: expect.any(Array) });
    expect(around(80)).toMatchObject({ size: 'large', numbers: undefined });
  });

  test('hold the point of a box of no width', () => {
    fc.assert(
      fc.property(stored, (point) => {
        const [latitude, longitude] = [point.latitude / 1_000, point.longitude / 1_000];
        const box = boxBetween({ west: longitude, east: longitude, south: latitude, north: latitude });
        expect(cellsOf(box)).toEqual({ size: 'small', numbers: [cellOf(point, 50)] });
      }),
    );
  });
});
