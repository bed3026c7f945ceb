import type { Colours } from '../../io.ts';
import { price } from '../../price.ts';
import { card, words } from '../../render.ts';
import type { Facets } from './page.ts';

const SHOWN = 8;

/** One line a facet: its commonest values, each with the number of stays that it would leave. */
export const drawFacets = (
  { roomType, propertyType, amenities, price: prices }: Facets,
  withDates: boolean,
  columns: number,
  paint: Colours,
): string =>
  card(
    [
      ['Room', choices(roomType)],
      ['Property', choices(propertyType)],
      ['Amenities', choices(amenities)],
      [withDates ? 'Total' : 'Price', steps(prices)],
    ],
    columns,
    paint,
  );

const choices = (values: Facets['roomType'] | Facets['propertyType'] | Facets['amenities']) =>
  values
    .slice(0, SHOWN)
    .map(({ value, count }) => `${words(value)} ${figure(count)}`)
    .concat(values.length > SHOWN ? ['…'] : [])
    .join(' · ');

function steps({ currency, buckets }: Facets['price']): string {
  const at = (amount: number) => price({ amount, currency });
  return buckets
    .filter(({ count }) => count > 0)
    .map(
      ({ from, to, count }) =>
        `${to === null ? `from ${at(from)}` : `${at(from)}–${at(to)}`} ${figure(count)}`,
    )
    .join(' · ');
}

const figure = (count: number) => count.toLocaleString('en-US');
