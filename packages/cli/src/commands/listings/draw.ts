import type { Sojourn } from '@sojourn/sdk';
import { WEEKDAYS } from '@sojourn/shared/nights';
import { oneLine, withoutControls } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { price } from '../../price.ts';
import { card, count, truncate, words, wrap } from '../../render.ts';
import { paintStatus } from './status.ts';

export type Listing = Awaited<ReturnType<Sojourn['listings']['get']>>;

const DESCRIPTION_LINES = 8;

/** A listing on one screen: the title, the facts one under the other, the head of the description. */
export function drawListing(listing: Listing, columns: number, paint: Colours): string {
  const { title, status, roomType, propertyType, capacity, description } = listing;
  const badge = `[${oneLine(status)}]`;
  const facts = [
    words(oneLine(roomType)),
    oneLine(words(propertyType)).toLowerCase(),
    capacity == null ? '' : count(capacity, 'guest'),
    rooms(listing),
  ];
  const fields = card(
    [
      ['Where', where(listing)],
      ['Price', prices(listing)],
      ['Discounts', discounts(listing)],
      ['Stay', stay(listing)],
      ['Booking', booking(listing)],
      [
        'Rating',
        listing.rating == null
          ? undefined
          : `★ ${listing.rating.toFixed(2)} (${count(listing.reviewCount, 'review')})`,
      ],
      ['Amenities', listing.amenities.map((amenity) => words(amenity).toLowerCase()).join(', ')],
      ['Tags', listing.tags.join(', ')],
      ['Photos', listing.photos.length === 0 ? 'none' : String(listing.photos.length)],
      ['Own id', listing.externalId ?? undefined],
      ['Id', listing.id],
      ['Changed', listing.updatedAt],
    ].map(([name, value]) => [name!, value === undefined ? undefined : oneLine(value)] as const),
    columns,
    paint,
  );
  return [
    `${paint.bold(truncate(oneLine(title), columns - badge.length - 1))} ${paintStatus(status, paint)(badge)}`,
    truncate(facts.filter(Boolean).join(' · '), columns),
    '',
    fields,
    ...(description ? ['', head(wrap(withoutControls(description), Math.min(columns, 100)))] : []),
  ].join('\n');
}

const rooms = ({ bedrooms, beds, bathrooms }: Listing) =>
  [
    bedrooms == null ? '' : count(bedrooms, 'bedroom'),
    beds == null ? '' : count(beds, 'bed'),
    bathrooms == null ? '' : count(bathrooms, 'bath'),
  ]
    .filter(Boolean)
    .join(' · ');

function where({ location, timeZone }: Listing): string | undefined {
  if (!location) return undefined;
  const { line1, neighbourhood, city, region, postalCode, country } = location.address;
  const address = [line1, neighbourhood, city, [region, postalCode].filter(Boolean).join(' '), country]
    .filter(Boolean)
    .join(', ');
  return [address, `${location.latitude}, ${location.longitude}`, timeZone].filter(Boolean).join(' · ');
}

function prices({
  basePrice,
  weekendPrice,
  cleaningFee,
  extraGuestFee,
  petFee,
  includedGuests,
}: Listing): string {
  if (!basePrice) return 'not set';
  return [
    `${price(basePrice)} a night`,
    weekendPrice && `${price(weekendPrice)} at weekends`,
    cleaningFee && `${price(cleaningFee)} cleaning`,
    extraGuestFee && `${price(extraGuestFee)} a guest above ${includedGuests ?? 'those included'}`,
    petFee && `${price(petFee)} for pets`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Undefined where there are none. */
function discounts(listing: Listing): string | undefined {
  const { weeklyDiscountPercent: weekly, monthlyDiscountPercent: monthly } = listing;
  const { nonRefundableDiscountPercent: nonRefundable } = listing;
  const texts = [
    weekly > 0 && `${weekly}% by the week`,
    monthly > 0 && `${monthly}% by the month`,
    listing.earlyBirdDays != null &&
      `${listing.earlyBirdPercent}% ${count(listing.earlyBirdDays, 'day')} ahead`,
    listing.lastMinuteDays != null &&
      `${listing.lastMinutePercent}% in the last ${count(listing.lastMinuteDays, 'day')}`,
    nonRefundable != null && `${nonRefundable}% without refunds`,
  ].filter(Boolean);
  return texts.length === 0 ? undefined : texts.join(', ');
}

function stay(listing: Listing): string {
  const arrivals = WEEKDAYS.flatMap((day) => {
    const nights = listing.arrivalMinNights[day];
    return nights === undefined ? [] : [`${nights}+ from ${words(day)}`];
  });
  return [
    `${listing.minNights}–${count(listing.maxNights, 'night')}`,
    ...arrivals,
    `in from ${listing.checkInFrom}`,
    `out by ${listing.checkOutBy}`,
  ].join(', ');
}

function booking(listing: Listing): string {
  const { cancellationPolicy, advanceNoticeHours, bookingWindowDays, preparationNights } = listing;
  return [
    listing.instantBook ? 'instant' : 'on request',
    cancellationPolicy && `${words(cancellationPolicy).toLowerCase()} cancellation`,
    `up to ${count(bookingWindowDays, 'day')} ahead`,
    advanceNoticeHours > 0 && `${count(advanceNoticeHours, 'hour')} before check-in at the latest`,
    preparationNights > 0 && `${count(preparationNights, 'night')} kept free after each stay`,
  ]
    .filter(Boolean)
    .join(', ');
}

const head = (lines: string[]) =>
  (lines.length > DESCRIPTION_LINES ? [...lines.slice(0, DESCRIPTION_LINES - 1), '…'] : lines).join('\n');
