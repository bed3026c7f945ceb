// The words that flags offer and a shell completes. They repeat what @sojourn/shared/listing says, because reading them
// there would load the whole schema for `--help`; a test holds the two together.

export const ROOM_TYPES = ['entirePlace', 'privateRoom', 'sharedRoom', 'hotelRoom'] as const;
// biome-ignore format: a table reads better than a column.
export const PROPERTY_TYPES = [
  'apartment', 'bedAndBreakfast', 'boat', 'bungalow', 'cabin', 'camper', 'castle', 'chalet', 'condominium',
  'cottage', 'dormitory', 'farmStay', 'guestSuite', 'guesthouse', 'hostel', 'hotel', 'house', 'island', 'loft',
  'resort', 'servicedApartment', 'tent', 'tinyHouse', 'townhouse', 'treehouse', 'villa', 'yurt', 'other',
] as const;
export const CANCELLATION_POLICIES = [
  'flexible',
  'moderate',
  'limited',
  'firm',
  'strict',
  'nonRefundable',
] as const;
export const LISTING_STATUSES = ['draft', 'published', 'paused', 'archived', 'suspended'] as const;
