import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Io } from './io.ts';
import { duration, startProgress } from './progress.ts';
import { widthOf } from './render.ts';

function fake(stderrIsTerminal: boolean, columns = 80) {
  const lines: string[] = [];
  const io = {
    stderrIsTerminal,
    columns,
    paint: { err: pc.createColors(false) },
    say: (line: string) => lines.push(line),
    status: (line = '') => lines.push(line),
  };
  let time = 0;
  const progress = startProgress(io as unknown as Io, { label: 'Importing', unit: 'rows' }, () => time);
  return {
    lines,
    progress,
    tick: (ms: number) => {
      time += ms;
    },
  };
}

describe('progress', () => {
  it('is a line per 5 % without a terminal', () => {
    const { lines, progress, tick } = fake(false);
    for (let done = 1; done <= 1000; done++) {
      tick(10);
      progress.update({ done, total: 1000 });
    }
    expect(lines).toHaveLength(20);
    expect(lines[0]).toBe('Importing   5%  50/1,000 rows · 100/s · 10s left');
    expect(lines.at(-1)).toBe('Importing 100%  1,000/1,000 rows · 100/s · 0s left');
  });

  it('is a bar on a terminal, drawn ten times a second at most', () => {
    const { lines, progress, tick } = fake(true);
    for (let done = 1; done <= 1000; done++) {
      tick(10);
      progress.update({ done, total: 1000, note: '3 rejected' });
    }
    progress.stop();
    expect(lines.length).toBeLessThanOrEqual(102);
    expect(lines[50]).toBe('Importing █████████░░░░░░░░  50%  501/1,000 rows · 100/s · 5s left · 3 rejected');
    expect(lines.at(-1)).toBe('');
  });

  it.each([20, 40, 60, 80, 200])('fits a terminal of %i columns', (columns) => {
    const { lines, progress, tick } = fake(true, columns);
    for (const total of [48_895, undefined]) {
      tick(1_000);
      progress.update({ done: 24_000, total, note: '1,234 rejected' });
    }
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
  });
});

it('says how long in two units at most', () => {
  expect([0.2, 59, 60, 200, 7_500].map(duration)).toEqual(['1s', '59s', '1m 00s', '3m 20s', '2h 05m']);
});
