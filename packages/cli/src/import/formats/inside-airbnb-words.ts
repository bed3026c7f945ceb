import { LISTING_LIMITS } from '@sojourn/shared/listing';
import type { CancellationPolicy, RoomType } from '@sojourn/shared/vocabulary';

// The vocabulary of Inside Airbnb's listings files, in our words. Keys of the maps are `wordKey`s, beside the usual spellings.

export const ROOM_TYPES: ReadonlyMap<string, RoomType> = new Map<string, RoomType>([
  ['Entire home/apt', 'entirePlace'],
  ['Private room', 'privateRoom'],
  ['entirehomeapt', 'entirePlace'],
  ['entireplace', 'entirePlace'],
  ['privateroom', 'privateRoom'],
  ['sharedroom', 'sharedRoom'],
  ['hotelroom', 'hotelRoom'],
]);

export const POLICIES: ReadonlyMap<string, CancellationPolicy> = new Map<string, CancellationPolicy>([
  ['flexible', 'flexible'],
  ['moderate', 'moderate'],
  ['limited', 'limited'],
  ['firm', 'firm'],
  ['strict', 'strict'],
  ['strict14withgraceperiod', 'strict'],
  ['superstrict30', 'strict'],
  ['superstrict60', 'strict'],
  ['nonrefundable', 'nonRefundable'],
  ['norefunds', 'nonRefundable'],
]);

/** What a listing could use but has no field for. */
export const IGNORED_COLUMNS: ReadonlySet<string> = new Set([
  'weekly_price',
  'monthly_price',
  'security_deposit',
  'square_feet',
  'neighborhood_overview',
  'notes',
  'transit',
  'access',
  'interaction',
]);

/** The column that each field comes from, for messages about a row. */
export const COLUMN_OF: Readonly<Record<string, string>> = {
  externalId: 'id',
  title: 'name',
  description: 'description',
  propertyType: 'property_type',
  roomType: 'room_type',
  capacity: 'accommodates',
  bedrooms: 'bedrooms',
  beds: 'beds',
  bathrooms: 'bathrooms',
  amenities: 'amenities',
  tags: 'amenities',
  houseRules: 'house_rules',
  location: 'latitude',
  'location.latitude': 'latitude',
  'location.longitude': 'longitude',
  'location.address': 'neighbourhood',
  'location.address.line1': 'street',
  'location.address.neighbourhood': 'neighbourhood',
  'location.address.city': 'city',
  'location.address.region': 'state',
  'location.address.postalCode': 'zipcode',
  'location.address.country': 'country_code',
  timeZone: 'latitude',
  basePrice: 'price',
  cleaningFee: 'cleaning_fee',
  extraGuestFee: 'extra_people',
  includedGuests: 'guests_included',
  minNights: 'minimum_nights',
  maxNights: 'maximum_nights',
  licenceNumber: 'license',
  cancellationPolicy: 'cancellation_policy',
  instantBook: 'instant_bookable',
  photos: 'picture_url',
};

const { titleLength, descriptionLength, capacity, bedrooms, beds, minNights, maxNights, tags, tagLength } =
  LISTING_LIMITS;

export const WARNINGS: Readonly<Record<string, string>> = {
  no_price: 'No price, or a price of 0: kept as a draft without a price, which cannot be published.',
  no_location: 'No coordinates: kept as a draft without a location, which cannot be published.',
  title_missing: 'No name: a plain title was made from the room type and the neighbourhood.',
  title_shortened: `The name was cut to ${titleLength} characters.`,
  description_shortened: `The description was cut to ${descriptionLength} characters.`,
  capacity_missing: 'The number of guests is not above 0: left empty, so the draft cannot be published.',
  bedrooms_missing: 'The number of bedrooms is below 0: left empty.',
  beds_missing: 'The number of beds is below 0: left empty.',
  capacity_clamped: `More guests than the platform allows: set to ${capacity}.`,
  bedrooms_clamped: `More bedrooms than the platform allows: set to ${bedrooms}.`,
  beds_clamped: `More beds than the platform allows: set to ${beds}.`,
  bathrooms_rounded: 'The number of bathrooms was rounded to halves within what the platform allows.',
  minNights_clamped: `minimum_nights was outside 1 to ${minNights} nights, the platform's limits: set to the nearest of them.`,
  maxNights_clamped: `maximum_nights was outside 1 to ${maxNights} nights, the platform's limits: set to the nearest of them.`,
  maxNights_raised: 'minimum_nights was above maximum_nights: the maximum was raised to the minimum.',
  includedGuests_clamped: 'More guests are included than fit in: set to the number that fits in.',
  property_type_other: 'The property type is not one of ours: "other" was taken and the word kept as a tag.',
  cancellation_unknown: 'The cancellation policy is not one of ours: "moderate" was taken.',
  amenities_unreadable: 'The list of amenities cannot be read: left empty.',
  tag_shortened: `An amenity was kept as a tag cut to ${tagLength} characters.`,
  tags_dropped: `More than ${tags} amenities beyond the fixed vocabulary: the rest was left out.`,
  photo_dropped: 'The photo has no http or https address: left out.',
};
