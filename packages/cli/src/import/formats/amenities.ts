import { LISTING_LIMITS } from '@sojourn/shared/listing';
import { AMENITIES, type Amenity } from '@sojourn/shared/vocabulary';
import { cleanLine, shortened, wordKey } from './text.ts';

/** What other platforms call the amenities of the fixed vocabulary. Keys are compared by `wordKey`. */
const NAMES: Readonly<Record<string, readonly Amenity[]>> = {
  'Wireless internet': ['wifi'],
  'Pocket wifi': ['wifi'],
  AC: ['airConditioning'],
  'Central air conditioning': ['airConditioning'],
  'Window AC unit': ['airConditioning'],
  'Portable air conditioning': ['airConditioning'],
  'Central heating': ['heating'],
  'Radiant heating': ['heating'],
  'Washer / Dryer': ['washer', 'dryer'],
  HDTV: ['tv'],
  'Dedicated workspace': ['workspace'],
  'Laptop friendly workspace': ['workspace'],
  'Free parking on premises': ['parking'],
  'Paid parking on premises': ['parking'],
  'Free parking': ['parking'],
  'Free street parking': ['streetParking'],
  'Electric vehicle charger': ['evCharger'],
  'Swimming pool': ['pool'],
  Jacuzzi: ['hotTub'],
  'Indoor fireplace': ['fireplace'],
  'Elevator in building': ['elevator'],
  Lift: ['elevator'],
  'Pack ’n Play/travel crib': ['crib'],
  'BBQ grill': ['barbecue'],
  'Barbecue grill': ['barbecue'],
  'Private patio or balcony': ['balcony'],
  'Shared patio or balcony': ['balcony'],
  'Patio or balcony': ['balcony'],
  Backyard: ['garden'],
  'Garden or backyard': ['garden'],
  'Private backyard': ['garden'],
  'Shared backyard': ['garden'],
  Beachfront: ['waterfront', 'beachAccess'],
  'Ski-in/Ski-out': ['skiAccess'],
  'Pets allowed': ['petsAllowed'],
  'Pet friendly': ['petsAllowed'],
  'Suitable for events': ['eventsAllowed'],
  'Family/kid friendly': ['familyFriendly'],
  'Wheelchair accessible': ['stepFreeAccess'],
  'Building staff': ['doorman'],
  'Smoke detector': ['smokeAlarm'],
  'Carbon monoxide detector': ['carbonMonoxideAlarm'],
  Bathtub: ['bathtub'],
  Fridge: ['refrigerator'],
  'Dishes and silverware': ['dishes'],
  'Cleaning available during stay': ['cleaningAvailable'],
  'Luggage dropoff allowed': ['luggageDropoff'],
  'Long term stays allowed': ['longTermStays'],
  'Lock on bedroom door': ['lockOnDoor'],
  'Books and reading material': ['books'],
  'Board games': ['games'],
  Bikes: ['bicycles'],
  'Security cameras on property': ['securityCameras'],
  'Exterior security cameras on property': ['securityCameras'],
};

/** Longer descriptions of an amenity ("55 inch HDTV with Roku"). The words are kept as a tag beside it. */
const PATTERNS: readonly (readonly [RegExp, Amenity])[] = [
  [/\bwi-?fi\b/, 'wifi'],
  [/^ac\b|\bair conditioning\b/, 'airConditioning'],
  [/^heating\b/, 'heating'],
  [/^(free |paid )?washer\b/, 'washer'],
  [/^(free |paid )?dryer\b/, 'dryer'],
  [/\b(hd)?tv\b/, 'tv'],
  [/\b(hd)?tv\b.*\b(standard|premium) cable\b/, 'cableTv'],
  [/^(free|paid) .*\bon premises\b/, 'parking'],
  [/^(free|paid) street parking\b/, 'streetParking'],
  [/^ev charger\b/, 'evCharger'],
  [/^(private |shared )?((indoor|outdoor) )?pool\b(?! (table|view))/, 'pool'],
  [/^(private|shared) hot tub\b/, 'hotTub'],
  [/^(private|shared) sauna\b/, 'sauna'],
  [/^(private |shared )?gym\b/, 'gym'],
  [/^indoor fireplace\b/, 'fireplace'],
  [/^crib\b|^pack ’n play/, 'crib'],
  [/\bhigh chair\b/, 'highChair'],
  [/\bbbq grill\b/, 'barbecue'],
  [/^((private|shared) )?backyard\b/, 'garden'],
  [/\bbeach access\b/, 'beachAccess'],
  [/\blake access\b/, 'lakeAccess'],
  [/^housekeeping\b/, 'cleaningAvailable'],
  [/\bshampoo$/, 'shampoo'],
  [/\b(refrigerator|mini fridge)$/, 'refrigerator'],
  [/(?<!microwave )\boven$/, 'oven'],
  [/\bstove$/, 'stove'],
  [/^coffee maker\b/, 'coffeeMaker'],
  [/\bsound system\b/, 'soundSystem'],
  [/^game console\b/, 'gameConsole'],
  [/^arcade games$/, 'games'],
];

const byKey = new Map<string, readonly Amenity[]>(AMENITIES.map((amenity) => [wordKey(amenity), [amenity]]));
for (const [name, amenities] of Object.entries(NAMES)) byKey.set(wordKey(name), amenities);

/** The same few hundred words come in every row. */
const known = new Map<string, { amenities: readonly Amenity[]; isTag: boolean }>();
const KNOWN_AT_MOST = 10_000;

function recognise(word: string): { amenities: readonly Amenity[]; isTag: boolean } {
  let found = known.get(word);
  if (!found) {
    const exact = byKey.get(wordKey(word));
    const lower = word.toLowerCase();
    const amenities =
      exact ?? PATTERNS.filter(([pattern]) => pattern.test(lower)).map(([, amenity]) => amenity);
    found = { amenities, isTag: !exact };
    if (known.size < KNOWN_AT_MOST) known.set(word, found);
  }
  return found;
}

export interface AmenitiesAndTags {
  amenities: Amenity[];
  tags: string[];
  /** Words that were cut to the length of a tag. */
  shortened: string[];
  /** How many words found no room. */
  dropped: number;
}

/**
 * Words for what a place offers as amenities of the fixed vocabulary. What it does not know becomes a tag, and so does
 * a word that says more than the amenity does.
 */
export function readAmenities(words: readonly string[]): AmenitiesAndTags {
  const amenities = new Set<Amenity>();
  const tags = new Set<string>();
  const tooLong: string[] = [];
  for (const raw of words) {
    const word = cleanLine(raw);
    if (word === '') continue;
    const found = recognise(word);
    for (const amenity of found.amenities) amenities.add(amenity);
    if (!found.isTag) continue;
    const tag = shortened(word, LISTING_LIMITS.tagLength);
    if (tag !== word) tooLong.push(word);
    tags.add(tag);
  }
  const kept = [...tags].slice(0, LISTING_LIMITS.tags);
  return { amenities: [...amenities], tags: kept, shortened: tooLong, dropped: tags.size - kept.length };
}
