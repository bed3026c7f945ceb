import { PROPERTY_TYPES, type PropertyType } from '@sojourn/shared/vocabulary';
import { wordKey } from './text.ts';

/** What other platforms call the kinds of property. Keys are compared by `wordKey`. */
const NAMES: Readonly<Record<string, PropertyType>> = {
  'Rental unit': 'apartment',
  Flat: 'apartment',
  Studio: 'apartment',
  Home: 'house',
  'Vacation home': 'house',
  'Holiday home': 'house',
  'Casa particular': 'house',
  Condo: 'condominium',
  'Condominium (condo)': 'condominium',
  Townhome: 'townhouse',
  'Bed & Breakfast': 'bedAndBreakfast',
  'Guest suite': 'guestSuite',
  Guesthouse: 'guesthouse',
  'Guest house': 'guesthouse',
  'Boutique hotel': 'hotel',
  Aparthotel: 'servicedApartment',
  Houseboat: 'boat',
  'Camper/RV': 'camper',
  RV: 'camper',
  Campervan: 'camper',
  Dorm: 'dormitory',
  'Tiny home': 'tinyHouse',
  Farm: 'farmStay',
};

const byKey = new Map<string, PropertyType>(PROPERTY_TYPES.map((type) => [wordKey(type), type]));
for (const [name, type] of Object.entries(NAMES)) byKey.set(wordKey(name), type);

/** The kind of property that a text means ("Entire rental unit", "Private room in condo"); undefined when unknown. */
export function readPropertyType(text: string): PropertyType | undefined {
  const kind = text.trim().replace(/^(?:entire|private room in|shared room in|room in)\s+/i, '');
  return byKey.get(wordKey(kind));
}
