import { ListingInput } from '@sojourn/shared/listing';
import { describe, expect, it } from 'vitest';
import { insideAirbnb } from './inside-airbnb.ts';

const SUMMARY_16 =
  'id,name,host_id,host_name,neighbourhood_group,neighbourhood,latitude,longitude,room_type,price,minimum_nights,number_of_reviews,last_review,reviews_per_month,calculated_host_listings_count,availability_365';
const SUMMARY_18 = `${SUMMARY_16},number_of_reviews_ltm,license`;
const DETAILED_75 =
  'id,listing_url,scrape_id,last_scraped,source,name,description,neighborhood_overview,picture_url,host_id,host_url,host_name,host_since,host_location,host_about,host_response_time,host_response_rate,host_acceptance_rate,host_is_superhost,host_thumbnail_url,host_picture_url,host_neighbourhood,host_listings_count,host_total_listings_count,host_verifications,host_has_profile_pic,host_identity_verified,neighbourhood,neighbourhood_cleansed,neighbourhood_group_cleansed,latitude,longitude,property_type,room_type,accommodates,bathrooms,bathrooms_text,bedrooms,beds,amenities,price,minimum_nights,maximum_nights,minimum_minimum_nights,maximum_minimum_nights,minimum_maximum_nights,maximum_maximum_nights,minimum_nights_avg_ntm,maximum_nights_avg_ntm,calendar_updated,has_availability,availability_30,availability_60,availability_90,availability_365,calendar_last_scraped,number_of_reviews,number_of_reviews_ltm,number_of_reviews_l30d,first_review,last_review,review_scores_rating,review_scores_accuracy,review_scores_cleanliness,review_scores_checkin,review_scores_communication,review_scores_location,review_scores_value,license,instant_bookable,calculated_host_listings_count,calculated_host_listings_count_entire_homes,calculated_host_listings_count_private_rooms,calculated_host_listings_count_shared_rooms,reviews_per_month';
const DETAILED_74 = DETAILED_75.replace('source,', '');
const DETAILED_79 = `${DETAILED_75},availability_eoy,number_of_reviews_ly,estimated_occupancy_l365d,estimated_revenue_l365d`;
const DETAILED_95 =
  'id,listing_url,scrape_id,last_scraped,name,summary,space,description,experiences_offered,neighborhood_overview,notes,transit,access,interaction,house_rules,thumbnail_url,medium_url,picture_url,xl_picture_url,host_id,host_url,host_name,host_since,host_location,host_about,host_response_time,host_response_rate,host_acceptance_rate,host_is_superhost,host_thumbnail_url,host_picture_url,host_neighbourhood,host_listings_count,host_total_listings_count,host_verifications,host_has_profile_pic,host_identity_verified,street,neighbourhood,neighbourhood_cleansed,neighbourhood_group_cleansed,city,state,zipcode,market,smart_location,country_code,country,latitude,longitude,is_location_exact,property_type,room_type,accommodates,bathrooms,bedrooms,beds,bed_type,amenities,square_feet,price,weekly_price,monthly_price,security_deposit,cleaning_fee,guests_included,extra_people,minimum_nights,maximum_nights,calendar_updated,has_availability,availability_30,availability_60,availability_90,availability_365,calendar_last_scraped,number_of_reviews,first_review,last_review,review_scores_rating,review_scores_accuracy,review_scores_cleanliness,review_scores_checkin,review_scores_communication,review_scores_location,review_scores_value,requires_license,license,jurisdiction_names,instant_bookable,cancellation_policy,require_guest_profile_picture,require_guest_phone_verification,calculated_host_listings_count,reviews_per_month';

const BASE = {
  id: '1279846646046615122',
  name: 'Quiet rooms',
  host_name: 'Somebody',
  host_about: 'About somebody',
  neighbourhood: 'Neighborhood highlights',
  neighbourhood_cleansed: 'SIXTH WARD',
  latitude: '42.65',
  longitude: '-73.76',
  room_type: 'Entire home/apt',
  price: '$1,234.00',
  minimum_nights: '2',
};

const format = (header: string) =>
  insideAirbnb({ kind: 'csv', columns: header.split(',') }, { currency: 'USD', timeZone: undefined });

function read(cells: Record<string, string>, header = DETAILED_75) {
  const all: Record<string, string> = { ...BASE, ...cells };
  return format(header).read({ row: 1, line: 2, cells: header.split(',').map((name) => all[name] ?? '') });
}

const draftOf = (cells: Record<string, string>, header?: string) => read(cells, header).draft;
const kinds = (cells: Record<string, string>, header?: string) =>
  read(cells, header).warnings.map(({ kind }) => kind);

describe('the generations of the file', () => {
  it.each([
    ['16 columns', SUMMARY_16, 16],
    ['18 columns', SUMMARY_18, 18],
    ['74 columns', DETAILED_74, 74],
    ['75 columns', DETAILED_75, 75],
    ['79 columns', DETAILED_79, 79],
    ['95 columns', DETAILED_95, 95],
  ])('%s give a listing that may be published', (_, header, columns) => {
    expect(header.split(',')).toHaveLength(columns);
    const { draft, problems } = read(
      { description: 'Two rooms.', accommodates: '2', license: 'NY-1', cancellation_policy: 'strict' },
      header,
    );
    expect(problems).toEqual([]);
    const listing = ListingInput.parse(draft);
    expect(listing).toMatchObject({
      externalId: BASE.id,
      title: 'Quiet rooms',
      capacity: 2,
      timeZone: 'America/New_York',
      minNights: 2,
    });
    expect(listing.basePrice).toEqual({ amount: 123_400, currency: 'USD' });
    expect(listing.description).not.toBe('');
    expect(listing.cancellationPolicy).toBe(columns === 95 ? 'strict' : 'moderate');
    expect(JSON.stringify(listing)).not.toContain('omebody');
  });

  it('does not depend on the order of columns', () => {
    const turned = DETAILED_75.split(',').reverse().join(',');
    expect(draftOf({ accommodates: '3' }, turned)).toEqual(draftOf({ accommodates: '3' }));
  });

  it('says once what a file lacks', () => {
    const noted = (header: string) => format(header).notes.map(({ kind }) => kind);
    expect(noted(SUMMARY_16)).toEqual([
      'no_description_column',
      'no_capacity_column',
      'no_cancellation_column',
    ]);
    expect(noted(DETAILED_95)).toEqual(['ignored_columns']);
  });

  it('refuses files that are not listings, and prices without a currency', () => {
    expect(() => format('listing_id,date,available,price')).toThrow(
      'no column id, room_type, latitude, longitude, minimum_nights',
    );
    expect(() =>
      insideAirbnb(
        { kind: 'csv', columns: SUMMARY_16.split(',') },
        { currency: undefined, timeZone: undefined },
      ),
    ).toThrow('does not name the currency');
  });
});

describe('odd values', () => {
  it('assumes guests where the file does not speak of them', () => {
    expect(draftOf({}, SUMMARY_16).capacity).toBe(2);
    expect(draftOf({ room_type: 'Shared room' }, SUMMARY_16).capacity).toBe(1);
    expect(draftOf({ accommodates: '' }).capacity).toBeNull();
  });

  it('makes a title and a description of room type and place', () => {
    const cells = {
      name: ' ',
      neighbourhood: 'Kensington',
      neighbourhood_group: 'Brooklyn',
      room_type: 'Private room',
    };
    expect(draftOf(cells, SUMMARY_16)).toMatchObject({
      title: 'Private room in Kensington, Brooklyn',
      description: 'Private room in Kensington, Brooklyn.',
    });
    expect(kinds(cells, SUMMARY_16)).toContain('title_missing');
  });

  it('takes names as they are, whatever they look like', () => {
    for (const name of [
      '=SUM(A1)',
      '-10% off',
      '@home',
      '0123',
      'I <3 NY',
      'N/A',
      '阁楼 🏙',
      'a < 1 block > b',
    ])
      expect(draftOf({ name }, SUMMARY_16).title).toBe(name);
    expect(draftOf({ name: 'Sunny\r\nloft\u00a0by  the\u200b park' }, SUMMARY_16).title).toBe(
      'Sunny loft by the park',
    );
    expect(draftOf({ name: 'Tom &amp; Jerry&#39;s' }, SUMMARY_16).title).toBe("Tom & Jerry's");
  });

  it('turns HTML into text', () => {
    const description = '<b>The space</b><br />Two &amp; a half rooms<br/><br><br />&lt;3\r\nBye\u0007';
    expect(draftOf({ description }).description).toBe('The space\nTwo & a half rooms\n\n<3\nBye');
  });

  it.each([
    ['', 'no_price'],
    ['0', 'no_price'],
    ['$0.00', 'no_price'],
    ['N/A', 'no_price'],
  ])('keeps a price of %j as a draft without a price', (price, kind) => {
    expect(draftOf({ price }).basePrice).toBeNull();
    expect(kinds({ price })).toContain(kind);
  });

  it('rejects a price that is none', () => {
    expect(read({ price: 'ask me' }).problems).toMatchObject([
      { column: 'price', value: 'ask me', rule: 'not_an_amount' },
    ]);
  });

  it.each([
    [{ minimum_nights: '1250' }, { minNights: 365 }, 'minNights_clamped'],
    [{ minimum_nights: '0' }, { minNights: 1 }, 'minNights_clamped'],
    [{ maximum_nights: '100000' }, { maxNights: 1125 }, 'maxNights_clamped'],
    [{ maximum_nights: '2147483647' }, { maxNights: 1125 }, 'maxNights_clamped'],
    [{ minimum_nights: '30', maximum_nights: '7' }, { minNights: 30, maxNights: 30 }, 'maxNights_raised'],
    [{ accommodates: '0' }, { capacity: null }, 'capacity_missing'],
    [{ bathrooms: '1.25' }, { bathrooms: 1.5 }, 'bathrooms_rounded'],
    [{ property_type: 'Ice dome' }, { propertyType: 'other', tags: ['Ice dome'] }, 'property_type_other'],
    [{ picture_url: 'none' }, { photos: [] }, 'photo_dropped'],
    [{ amenities: '[broken' }, { amenities: [] }, 'amenities_unreadable'],
  ])('mends %j and says so', (cells, expected, kind) => {
    expect(draftOf(cells)).toMatchObject(expected);
    expect(kinds(cells)).toContain(kind);
  });

  it.each([
    ['1.5 shared baths', 1.5, ['Shared bathroom']],
    ['Half-bath', 0.5, []],
    ['Private half-bath', 0.5, []],
    ['Shared half-bath', 0.5, ['Shared bathroom']],
    ['0 baths', 0, []],
    ['1 private bath', 1, []],
  ])('reads %j', (text, bathrooms, tags) => {
    expect(draftOf({ bathrooms_text: text })).toMatchObject({ bathrooms, tags });
  });

  it.each([
    [
      '["Wifi", "Pack \\u2019n play/Travel crib", "Fast wifi \\u2013 95 Mbps", "Wine glasses"]',
      ['wifi', 'crib'],
      ['Fast wifi – 95 Mbps', 'Wine glasses'],
    ],
    [
      '{TV,"Cable TV","Wireless Internet","Washer / Dryer","Family/Kid Friendly",Cat(s)}',
      ['tv', 'cableTv', 'wifi', 'washer', 'dryer', 'familyFriendly'],
      ['Cat(s)'],
    ],
    [
      '["55 inch HDTV with Roku, standard cable", "Hair dryer", "Pool table"]',
      ['tv', 'cableTv', 'hairDryer'],
      ['55 inch HDTV with Roku, standard cable', 'Pool table'],
    ],
    ['{}', [], []],
    ['[]', [], []],
  ])('reads amenities %s', (text, amenities, tags) => {
    expect(draftOf({ amenities: text })).toMatchObject({ amenities, tags });
  });

  it('uses the cleansed neighbourhood, and a street only where there is one', () => {
    expect(draftOf({}).location).toMatchObject({ address: { neighbourhood: 'SIXTH WARD', city: null } });
    const old = (cells: Record<string, string>) =>
      (draftOf(cells, DETAILED_95).location as { address: object }).address;
    expect(
      old({
        street: 'Gilman Dr W, Seattle, WA 98119, United States',
        city: 'Seattle ',
        state: 'wa',
        zipcode: '99\n98122',
        country_code: 'US',
      }),
    ).toEqual({
      line1: 'Gilman Dr W',
      neighbourhood: 'SIXTH WARD',
      city: 'Seattle',
      region: 'WA',
      postalCode: '99 98122',
      country: 'US',
    });
    expect(old({ street: 'Seattle, WA, United States' })).toMatchObject({ line1: null });
  });

  it('keeps a row without coordinates as a draft and rejects coordinates that are none', () => {
    expect(draftOf({ latitude: '', longitude: '' }).location).toBeNull();
    expect(kinds({ latitude: '', longitude: '' })).toContain('no_location');
    expect(read({ latitude: 'north' }).problems).toMatchObject([
      { column: 'latitude', rule: 'not_a_number' },
    ]);
  });

  it('reads fees, and included guests only beside a fee', () => {
    const fees = { cleaning_fee: '$40.00', extra_people: '$10.00', guests_included: '2', accommodates: '4' };
    expect(draftOf(fees, DETAILED_95)).toMatchObject({
      cleaningFee: { amount: 4_000 },
      extraGuestFee: { amount: 1_000 },
      includedGuests: 2,
    });
    expect(draftOf({ ...fees, extra_people: '$0.00' }, DETAILED_95)).toMatchObject({
      extraGuestFee: null,
      includedGuests: null,
    });
    expect(draftOf({ ...fees, guests_included: '0' }, DETAILED_95).includedGuests).toBeNull();
    expect(draftOf({ ...fees, guests_included: '9' }, DETAILED_95).includedGuests).toBe(4);
  });

  it.each([
    ['strict_14_with_grace_period', 'strict'],
    ['super_strict_60', 'strict'],
    ['flexible', 'flexible'],
    ['', 'moderate'],
    ['my own', 'moderate'],
  ])('maps the cancellation policy %j', (text, policy) => {
    expect(draftOf({ cancellation_policy: text }, DETAILED_95).cancellationPolicy).toBe(policy);
  });

  it('rejects an id that a spreadsheet has spoiled, an unknown room type and a missing one', () => {
    expect(read({ id: '1.27985E+18' }).problems).toMatchObject([{ column: 'id', rule: 'mangled_id' }]);
    expect(read({ room_type: 'Igloo' }).problems).toMatchObject([
      { column: 'room_type', value: 'Igloo', rule: 'unknown_word' },
    ]);
    expect(draftOf({ room_type: '' }).roomType).toBeUndefined();
    expect(draftOf({ room_type: 'Hotel room' }).roomType).toBe('hotelRoom');
  });
});
