import type { EventType } from '../platform/events/event.ts';

export const pricingEvents: EventType[] = [];
