import type { ListingFacts, Policy, Rulebook, Stay, StayFacts } from '../src/pricing/model/facts.ts';
import type { PolicyRules } from '../src/pricing/model/terms.ts';

// Facts about a stay for tests of pure rules: a listing in Lisbon at 100 EUR a night, and nothing else.

export const LONG_AGO = new Date('2020-01-01T00:00:00Z');
export const NOW = new Date('2027-03-01T12:00:00Z');

const id = (number: number) => `016f5e66-e800-7000-8000-${String(number).padStart(12, '0')}`;

export const RULES: PolicyRules = {
  steps: [{ hoursBeforeCheckIn: 120, percent: 100 }],
  late: { nights: 1, percentOfRest: 50 },
  during: { nights: 1, percentOfRest: 50 },
  grace: { hours: 24, daysBeforeCheckIn: 7 },
};

export const policy = (key: string, rules: PolicyRules = RULES): Policy => ({
  id: id(1),
  key,
  name: key,
  rules,
  effectiveFrom: LONG_AGO,
  createdAt: LONG_AGO,
});

export const rulebook = (changes: Partial<Rulebook> = {}): Rulebook => ({
  feeSchedules: [
    {
      id: id(2),
      name: 'Standard',
      mode: 'split',
      hostFeeBps: 300,
      guestFeeBps: 1_420,
      effectiveFrom: LONG_AGO,
      createdAt: LONG_AGO,
    },
  ],
  policies: ['moderate', 'firmLongTerm', 'nonRefundable'].map((key) => policy(key)),
  taxRules: [],
  ...changes,
});

export const listingFacts = (changes: Partial<ListingFacts> = {}): ListingFacts => ({
  id: id(3),
  hostId: id(4),
  published: true,
  country: 'PT',
  region: null,
  city: 'Lisboa',
  timeZone: 'Europe/Lisbon',
  checkInFrom: '15:00',
  checkOutBy: '11:00',
  capacity: 4,
  petsAllowed: true,
  instantBook: true,
  currency: 'EUR',
  basePrice: 10_000,
  weekendPrice: null,
  cleaningFee: null,
  extraGuestFee: null,
  petFee: null,
  includedGuests: null,
  weeklyDiscountPercent: 0,
  monthlyDiscountPercent: 0,
  earlyBirdDays: null,
  earlyBirdPercent: null,
  lastMinuteDays: null,
  lastMinutePercent: null,
  nonRefundableDiscountPercent: null,
  minNights: 1,
  maxNights: 365,
  arrivalMinNights: {},
  advanceNoticeHours: 0,
  bookingWindowDays: 730,
  preparationNights: 0,
  cancellationPolicy: 'moderate',
  longStayPolicy: 'firmLongTerm',
  ...changes,
});

export const stayFacts = (
  listing: Partial<ListingFacts> = {},
  changes: Partial<Omit<StayFacts, 'listing'>> = {},
): StayFacts => ({
  listing: listingFacts(listing),
  settings: [],
  seasons: [],
  taken: [],
  rulebook: rulebook(),
  ...changes,
});

/** From a Monday. */
export const stay = (changes: Partial<Stay> = {}): Stay => ({
  checkIn: '2027-05-03',
  checkOut: '2027-05-07',
  guests: 2,
  pets: 0,
  nonRefundable: false,
  ...changes,
});
