import type { Io } from './io.ts';
import { truncate, widthOf } from './render.ts';

/** How far a long piece of work has come. `total` may be an estimate that gets better, or unknown. */
export interface ProgressState {
  done: number;
  total?: number | undefined;
  /** A few words after the figures, such as "3 rejected". */
  note?: string;
}

export interface Progress {
  update(state: ProgressState): void;
  /** Removes the bar. The caller prints the summary. */
  stop(): void;
}

const REDRAW_MS = 100;
const STEP = 0.05;
const BAR_LEAST = 5;
const BAR_MOST = 30;

/**
 * A bar with rate and time left at the bottom of a terminal; without a terminal a line on stderr per 5 %.
 * Work that goes on where it was begins at `from`: what was done before says nothing about the rate.
 * Silent with `--quiet`. Call `update` as often as you like: it draws ten times a second at most.
 */
export function startProgress(
  io: Io,
  { label, unit, from = 0 }: { label: string; unit: string; from?: number },
  now = () => performance.now(),
): Progress {
  const started = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let nextStep = STEP;

  const figures = ({ done, total, note }: ProgressState) => {
    const seconds = Math.max((now() - started) / 1000, 0.001);
    const rate = (done - from) / seconds;
    const left = total === undefined || done <= from ? undefined : Math.max(total - done, 0) / rate;
    return [
      total === undefined ? `${count(done)} ${unit}` : `${count(done)}/${count(total)} ${unit}`,
      `${count(Math.round(rate))}/s`,
      left !== undefined && `${duration(left)} left`,
      note,
    ]
      .filter(Boolean)
      .join(' · ');
  };

  return {
    update(state) {
      const { done, total } = state;
      const share = total ? Math.min(done / total, 1) : undefined;
      if (io.stderrIsTerminal) {
        if (now() - drawn < REDRAW_MS) return;
        drawn = now();
        io.status(drawLine(io, label, share, figures(state)));
      } else if (share !== undefined && share >= nextStep) {
        io.say(`${label} ${percent(share)}  ${figures(state)}`);
        nextStep = (Math.floor(share / STEP + 1e-9) + 1) * STEP;
      }
    },
    stop: () => io.status(),
  };
}

/** The words first, a bar between them where there is room for one. A line as wide as the terminal would wrap. */
function drawLine({ columns, paint }: Io, label: string, share: number | undefined, text: string): string {
  const shown = share === undefined ? '' : ` ${percent(share)}`;
  const words = `${label}${shown}  ${text}`;
  const room = Math.min(columns - 2 - widthOf(words), BAR_MOST);
  if (share === undefined || room < BAR_LEAST) return truncate(words, columns - 1);
  const full = Math.round(share * room);
  return `${label} ${paint.err.cyan('█'.repeat(full))}${paint.err.dim('░'.repeat(room - full))}${shown}  ${text}`;
}

const percent = (share: number) => `${Math.floor(share * 100)}%`.padStart(4);
const count = (value: number) => value.toLocaleString('en-US');

/** Seconds as `45s`, `3m 20s` or `2h 05m`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(whole / 3600)}h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`;
}
