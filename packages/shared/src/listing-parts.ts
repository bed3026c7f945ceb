import { z } from 'zod';
import { isLine, line, paragraph } from './text.ts';

// What a listing is made of that has fields of its own.

export const ClockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "15:00"')
  .meta({
    id: 'ClockTime',
    description: "Time of day in the listing's time zone, 24 hours.",
    examples: ['15:00'],
  });

export const Address = z
  .strictObject({
    line1: line(200).nullable().default(null),
    neighbourhood: line(100).nullable().default(null),
    city: line(100).nullable().default(null),
    region: line(100).nullable().default(null),
    postalCode: line(20).nullable().default(null),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a two-letter ISO 3166 code such as "US"')
      .nullable()
      .default(null)
      .meta({ description: 'ISO 3166-1 alpha-2.', examples: ['US'] }),
  })
  .meta({
    id: 'Address',
    examples: [{ line1: '20 W 34th St', city: 'New York', region: 'NY', postalCode: '10001', country: 'US' }],
  });

export const Location = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    address: Address.prefault({}),
  })
  .meta({
    id: 'Location',
    description: 'WGS 84 degrees. Exact here; guests see a rounded point until their stay is confirmed.',
  });

export const Photo = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2_000)
      .refine(isLine, 'must not hold control characters'),
    caption: line(300).nullable().default(null),
  })
  .meta({ id: 'Photo', examples: [{ url: 'https://images.example.com/loft.jpg', caption: 'Living room' }] });

export const HouseRules = z
  .strictObject({
    pets: z.boolean().nullable().default(null),
    smoking: z.boolean().nullable().default(null),
    events: z.boolean().nullable().default(null),
    notes: paragraph(5_000).default(''),
  })
  .meta({ id: 'HouseRules', description: 'What guests may do; null where the host has not said.' });
