/** How the time of the marketplace stands. */
export interface ClockState {
  now: Date;
  /** How far it is ahead of the system's. */
  aheadMs: number;
  movable: boolean;
}

/** How far the clock of a sandbox goes ahead at most, in milliseconds: ten years of 365 days and their leap days. */
export const MAX_AHEAD_MS = 3_653 * 86_400_000;

const SPAN = /^(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/;
const UNITS_MS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000];

/** How long a span is, in milliseconds: `3d`, `2h30m`, `1w`. Undefined when it is none, or empty. */
export function spanMs(text: string): number | undefined {
  const parts = SPAN.exec(text)?.slice(1);
  const total = parts?.reduce((sum, part, index) => sum + Number(part ?? 0) * UNITS_MS[index]!, 0);
  return total || undefined;
}

/** Where somebody wants the clock: so much further, or at an instant. */
export type Move = { advance: string } | { to: string };

export type MoveFault = 'back' | 'too_far';

/**
 * How far the clock is ahead of the system's after a move, in milliseconds; or why there is no such move.
 *
 * @param aheadMs how far it is now
 * @param systemNow the system's time
 */
export function aheadAfter(move: Move, aheadMs: number, systemNow: Date): number | MoveFault {
  const moved =
    'advance' in move ? aheadMs + (spanMs(move.advance) ?? 0) : Date.parse(move.to) - systemNow.getTime();
  if (moved < aheadMs) return 'back';
  return moved > MAX_AHEAD_MS ? 'too_far' : moved;
}
