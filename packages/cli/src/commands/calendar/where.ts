import { InvalidArgumentError } from '@commander-js/extra-typings';
import { ROOM_TYPES } from '@sojourn/shared/vocabulary';

/** Which listings a change is for, as the API takes it. */
export interface Selection {
  all?: true;
  listingIds?: string[];
  tags?: string[];
  place?: { city?: string; region?: string; country?: string };
  roomType?: (typeof ROOM_TYPES)[number];
}

const SHAPE =
  'all, ids=lst_01…,lst_02…, tag=beach, city=Lisbon, region=…, country=PT or room-type=entirePlace';

/** `tag=beach,lake`, `city=Lisbon`, `all`: each time the flag is given it narrows the selection. */
export function where(text: string, previous: Selection | undefined): Selection {
  const [, key, value = ''] = /^([a-z-]+)(?:=(.*))?$/s.exec(text.trim()) ?? [];
  const items = value.split(',').map((item) => item.trim());
  if (key === 'all' && value === '') return { ...previous, all: true };
  if (key === undefined || items.includes('')) throw new InvalidArgumentError(`It must be ${SHAPE}.`);
  switch (key) {
    case 'ids':
      return { ...previous, listingIds: [...(previous?.listingIds ?? []), ...items] };
    case 'tag':
      return { ...previous, tags: [...(previous?.tags ?? []), ...items] };
    case 'city':
    case 'region':
    case 'country':
      return { ...previous, place: { ...previous?.place, [key]: value.trim() } };
    case 'room-type': {
      const roomType = ROOM_TYPES.find((one) => one === value.trim());
      if (!roomType) throw new InvalidArgumentError(`A room type is one of ${ROOM_TYPES.join(', ')}.`);
      return { ...previous, roomType };
    }
    default:
      throw new InvalidArgumentError(`It must be ${SHAPE}.`);
  }
}
