import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { type ClockState, MAX_AHEAD_MS, spanMs } from './model/clock.ts';

const NOW = '2026-12-01T09:30:00.000Z';
const MOST_SECONDS = MAX_AHEAD_MS / 1_000;

export const ClockBody = z
  .strictObject({
    advance: z
      .string()
      .max(40)
      .refine((text) => spanMs(text) !== undefined, 'must be a span of time, such as 3d, 2h30m or 1w')
      .optional()
      .meta({
        description: 'So much further: numbers with `w`, `d`, `h`, `m` and `s`, in this order.',
        examples: ['3d'],
      }),
    to: z.iso.datetime().optional().meta({ description: 'To this instant.' }),
    wait: z.boolean().default(false).meta({
      description: 'Answer only once everything that became due is done, within 30 seconds.',
    }),
    reason: line(500).min(3).optional().meta({ description: 'Why, for the audit log.' }),
  })
  .refine(({ advance, to }) => (advance === undefined) !== (to === undefined), {
    path: ['advance'],
    error: 'give either advance or to',
  })
  .meta({ id: 'ClockMove', examples: [{ advance: '3d', wait: true }] });

export const ClockView = z
  .object({
    now: z.iso.datetime().meta({ description: 'The time of the marketplace.' }),
    aheadBy: z
      .int()
      .min(0)
      .max(MOST_SECONDS)
      .meta({ description: 'Seconds by which it is ahead of the system’s time.' }),
    movable: z.boolean().meta({ description: 'Whether it can be moved: in a sandbox only.' }),
  })
  .meta({ id: 'Clock', examples: [{ now: NOW, aheadBy: 259_200, movable: true }] });

export const ClockStateView = ClockView.extend({
  settled: z.boolean().meta({
    description: 'Whether everything that is due is done: no event, no job and nothing in a queue waits.',
  }),
}).meta({ id: 'ClockState', examples: [{ now: NOW, aheadBy: 259_200, movable: true, settled: true }] });

export const toClockView = ({ now, aheadMs, movable }: ClockState) => ({
  now: now.toISOString(),
  aheadBy: Math.floor(aheadMs / 1_000),
  movable,
});
