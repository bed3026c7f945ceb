import { z } from 'zod';
import { type EventType, eventType } from '../platform/events/event.ts';

// An event is about something with an id of its own kind. These are about the admin who acted, and name what was made.
const reason = z.string().meta({ description: 'Why, in the words of the admin.' });
const effectiveFrom = z.iso.datetime().meta({ description: 'From when it holds, for what is agreed later.' });

export const feeScheduleCreated = eventType({
  type: 'feeSchedule.created',
  subject: 'user',
  summary: 'An admin made a fee schedule.',
  data: z.object({
    feeScheduleId: z.string(),
    name: z.string(),
    mode: z.enum(['split', 'hostOnly']),
    hostFeeBps: z.int().min(0).max(10_000),
    guestFeeBps: z.int().min(0).max(10_000),
    effectiveFrom,
    reason,
  }),
});
export const policyCreated = eventType({
  type: 'policy.created',
  subject: 'user',
  summary: 'An admin made a version of a cancellation policy.',
  data: z.object({ policyId: z.string(), key: z.string(), name: z.string(), effectiveFrom, reason }),
});
export const taxRuleCreated = eventType({
  type: 'taxRule.created',
  subject: 'user',
  summary: 'An admin made a tax rule.',
  data: z.object({
    taxRuleId: z.string(),
    name: z.string(),
    country: z.string(),
    region: z.string().nullable(),
    city: z.string().nullable(),
    effectiveFrom,
    reason,
  }),
});
export const taxRuleEnded = eventType({
  type: 'taxRule.ended',
  subject: 'user',
  summary: 'An admin set the end of a tax rule.',
  data: z.object({
    taxRuleId: z.string(),
    name: z.string(),
    effectiveUntil: z.iso.datetime(),
    reason,
  }),
});

export const pricingEvents: EventType[] = [feeScheduleCreated, policyCreated, taxRuleCreated, taxRuleEnded];
