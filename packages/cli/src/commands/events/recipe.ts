import type { Sojourn } from '@sojourn/sdk';
import type { Kitchen } from './kitchen.ts';

/** What a recipe did, so that its event can be told from others. */
export interface Done {
  /** For people. */
  did: string;
  /** Id of what the event is about; left out when it is not known. */
  subjectId?: string;
  /** Whose world the event belongs to, when it is not that of whoever runs the command. */
  reader?: Sojourn;
}

export type Recipe = (kitchen: Kitchen) => Promise<Done>;

/** A listing that can be published. */
export const COMPLETE = {
  title: 'Made by sojourn trigger',
  roomType: 'privateRoom',
  description: 'Made to be published.',
  capacity: 2,
  location: { latitude: 38.72, longitude: -9.14, address: { city: 'Lisbon', country: 'PT' } },
  timeZone: 'Europe/Lisbon',
  basePrice: { amount: 5_000, currency: 'EUR' },
  cancellationPolicy: 'moderate',
  photos: [{ url: 'https://images.example.com/loft.jpg' }],
} as const;
