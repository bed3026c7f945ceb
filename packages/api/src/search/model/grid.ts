/** WGS 84 degrees. */
export interface Point {
  latitude: number;
  longitude: number;
}

/** Thousandths of a degree, the resolution of the points that guests see. Both ends are inside. */
export interface Span {
  from: number;
  to: number;
}

/** A part of the globe between two parallels. Across the date line it has two spans of longitude. */
export interface Box {
  latitudes: Span;
  longitudes: readonly Span[];
}

const WEST_END = -180_000;
/** The last of a turn: 180° E is 180° W, which is how both are stored. */
const EAST_END = 179_999;
const TURN = 360_000;
const EARTH_RADIUS_METRES = 6_371_008.8;

// Decimal degrees are binary fractions: 40.758 × 1,000 may come out just below 40,758, and would lose its own point.
const microdegrees = (degrees: number) => Math.round(degrees * 1_000_000);
const ceilThousandths = (degrees: number) => Math.ceil(microdegrees(degrees) / 1_000);
const floorThousandths = (degrees: number) => Math.floor(microdegrees(degrees) / 1_000);

/** The box between these degrees. It crosses the date line when its west end lies east of its east end. */
export function boxBetween({
  west,
  south,
  east,
  north,
}: Record<'west' | 'south' | 'east' | 'north', number>): Box {
  const [from, to] = [ceilThousandths(west), floorThousandths(east)];
  return {
    latitudes: { from: ceilThousandths(south), to: floorThousandths(north) },
    longitudes: west > east ? spansOf(from, to + TURN) : spansOf(from, to),
  };
}

/** The smallest box around a circle. It reaches around the globe when a pole is inside. */
export function boxAround({ latitude, longitude }: Point, metres: number): Box {
  // Distances are rounded to metres, so half a metre outside is still inside.
  const angle = (metres + 1) / EARTH_RADIUS_METRES;
  const degrees = (angle * 180) / Math.PI;
  const [south, north] = [latitude - degrees, latitude + degrees];
  const holdsPole = south <= -90 || north >= 90;
  const half = (Math.asin(Math.sin(angle) / Math.cos((latitude * Math.PI) / 180)) * 180) / Math.PI;
  return {
    latitudes: { from: floorThousandths(Math.max(south, -90)), to: ceilThousandths(Math.min(north, 90)) },
    longitudes: holdsPole
      ? spansOf(WEST_END, EAST_END)
      : spansOf(floorThousandths(longitude - half), ceilThousandths(longitude + half)),
  };
}

/** Spans within one turn from the date line, of an interval that may leave it at either end. */
function spansOf(from: number, to: number): Span[] {
  if (from > to) return [];
  if (to - from >= TURN - 1) return [{ from: WEST_END, to: EAST_END }];
  const shift = Math.floor((from - WEST_END) / TURN) * TURN;
  const [start, end] = [from - shift, to - shift];
  if (end <= EAST_END) return [{ from: start, to: end }];
  return [
    { from: start, to: EAST_END },
    { from: WEST_END, to: end - TURN },
  ];
}

// Cells divide the globe into squares of degrees, numbered row by row from the south-west. The database computes the same.

export type CellSize = 'small' | 'large';
const WIDTH = { small: 50, large: 1_000 } as const;

/** Rows and columns of cells. */
interface Block {
  rows: Span;
  columns: readonly Span[];
}

/** Cells to look into: these, or all of a block (of the globe when there is none) that hold a listing. */
export type Cells =
  | { size: CellSize; numbers: readonly number[] }
  | { size: 'large'; numbers: undefined; block: Block | undefined };

/** Looking into each of so many cells costs about a millisecond. Beyond, fewer and larger cells are cheaper. */
export const MAX_CELLS = 700;

/** The cells to look into for a box: small ones while they are few, and none in vain when there are too many. */
export function cellsOf(box: Box): Cells {
  for (const size of ['small', 'large'] as const) {
    const { rows, columns } = blockOf(box, size);
    const wide = columns.reduce((sum, span) => sum + lengthOf(span), 0);
    if (lengthOf(rows) * wide <= MAX_CELLS) return { size, numbers: numbersOf(rows, columns, size) };
  }
  return { size: 'large', numbers: undefined, block: blockOf(box, 'large') };
}

const blockOf = ({ latitudes, longitudes }: Box, size: CellSize): Block => ({
  rows: divided(latitudes, 90_000, WIDTH[size]),
  columns: longitudes.map((span) => divided(span, 180_000, WIDTH[size])),
});

const divided = ({ from, to }: Span, offset: number, width: number): Span => ({
  from: Math.floor((from + offset) / width),
  to: Math.floor((to + offset) / width),
});

const lengthOf = ({ from, to }: Span) => Math.max(0, to - from + 1);
const itemsOf = (span: Span) => Array.from({ length: lengthOf(span) }, (_, index) => span.from + index);

function numbersOf(rows: Span, columns: readonly Span[], size: CellSize): number[] {
  const perRow = TURN / WIDTH[size];
  // The two ends of a box that nearly goes around the globe may meet in one column.
  const inRow = [...new Set(columns.flatMap(itemsOf))];
  return itemsOf(rows).flatMap((row) => inRow.map((column) => row * perRow + column));
}
