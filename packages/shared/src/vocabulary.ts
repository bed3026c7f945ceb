// The fixed words of a listing, apart from its schema: the CLI offers them in its help, which must not load a schema.

export const ROOM_TYPES = ['entirePlace', 'privateRoom', 'sharedRoom', 'hotelRoom'] as const;
// biome-ignore format: a table reads better than a column
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
  'vrboRelaxed',
  'vrboModerate',
  'vrboFirm',
  'vrboStrict',
] as const;
/** What guests get back of stays of 28 nights and more. */
export const LONG_STAY_POLICIES = ['firmLongTerm', 'strictLongTerm'] as const;

/**
 * The fixed vocabulary. Its order is part of the search index (one bit an amenity): append, never reorder.
 */
// biome-ignore format: a table reads better than a column
export const AMENITIES = [
  'wifi', 'kitchen', 'airConditioning', 'heating', 'washer', 'dryer', 'tv', 'workspace', 'parking', 'streetParking',
  'evCharger', 'pool', 'hotTub', 'sauna', 'gym', 'fireplace', 'elevator', 'breakfast', 'crib', 'highChair',
  'barbecue', 'balcony', 'garden', 'waterfront', 'beachAccess', 'lakeAccess', 'skiAccess', 'petsAllowed',
  'smokingAllowed', 'eventsAllowed', 'familyFriendly', 'stepFreeAccess', 'selfCheckIn', 'privateEntrance', 'doorman',
  'smokeAlarm', 'carbonMonoxideAlarm', 'fireExtinguisher', 'firstAidKit', 'essentials', 'bedLinens', 'hangers',
  'hairDryer', 'iron', 'shampoo', 'hotWater', 'bathtub', 'dishwasher', 'refrigerator', 'freezer', 'microwave',
  'oven', 'stove', 'coffeeMaker', 'cookingBasics', 'dishes', 'diningTable', 'cleaningAvailable', 'luggageDropoff',
  'longTermStays', 'lockOnDoor', 'safe', 'ceilingFan', 'books', 'games', 'soundSystem', 'gameConsole', 'piano',
  'bicycles', 'kayak', 'outdoorFurniture', 'firePit', 'hammock', 'mosquitoNet', 'securityCameras', 'cableTv',
] as const;

export const LISTING_STATUSES = ['draft', 'published', 'paused', 'archived', 'suspended'] as const;

/** The states of a booking, from the hold to its end. */
export const BOOKING_STATUSES = [
  'held',
  'requested',
  'confirmed',
  'checkedIn',
  'completed',
  'noShow',
  'declined',
  'expired',
  'cancelled',
] as const;

export type RoomType = (typeof ROOM_TYPES)[number];
export type PropertyType = (typeof PROPERTY_TYPES)[number];
export type Amenity = (typeof AMENITIES)[number];
export type CancellationPolicy = (typeof CANCELLATION_POLICIES)[number];
export type LongStayPolicy = (typeof LONG_STAY_POLICIES)[number];
export type ListingStatus = (typeof LISTING_STATUSES)[number];
export type BookingStatus = (typeof BOOKING_STATUSES)[number];
