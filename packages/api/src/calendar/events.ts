import { LocalDate } from '@sojourn/shared/nights';
import { z } from 'zod';
import { eventType } from '../platform/events/event.ts';

export const calendarChanged = eventType({
  type: 'calendar.changed',
  subject: 'listing',
  summary: 'A host changed prices, rules, seasons or blocks of dates.',
  data: z.object({
    from: LocalDate.meta({ description: 'The first date that the change names.' }),
    to: LocalDate.meta({ description: 'The date after the last.' }),
    what: z.array(z.string()).meta({
      description: 'What was set, such as `price`, `minNights`, `blocked`, or `seasons`.',
      examples: [['price', 'minNights']],
    }),
    version: z.int().min(0).max(2_147_483_647),
  }),
});

export const calendarEvents = [calendarChanged];
