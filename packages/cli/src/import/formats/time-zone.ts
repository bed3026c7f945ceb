import lookUp from '@photostructure/tz-lookup';
import { isTimeZone } from '@sojourn/shared/listing';

/** The IANA zone of a point; undefined when the point is none or the zone is not known here. */
export function timeZoneAt(latitude: number, longitude: number): string | undefined {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  const zone = lookUp(latitude, longitude);
  return isTimeZone(zone) ? zone : undefined;
}
