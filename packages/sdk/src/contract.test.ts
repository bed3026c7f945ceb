import { expect, expectTypeOf, test } from 'vitest';
import type { ApiPromise } from './answer.ts';
import { Sojourn } from './client.ts';
import type { Answer } from './contract.ts';
import type { Listing, ListingInput } from './names.ts';

// The compiler is the test here (`pnpm typecheck`): nothing of this is run.
const sojourn = {} as Sojourn;
const _types = {
  requestByTemplate() {
    expectTypeOf(
      sojourn.request('GET', '/v1/listings/{listingId}', { path: { listingId: 'lst_1' } }),
    ).toEqualTypeOf<ApiPromise<Answer<'getListing'>>>();
    expectTypeOf(
      sojourn.request('DELETE', '/v1/listings/{listingId}', { path: { listingId: 'lst_1' } }),
    ).toEqualTypeOf<ApiPromise<undefined>>();
    expectTypeOf(sojourn.request('GET', '/v1/listings')).toEqualTypeOf<ApiPromise<Answer<'listListings'>>>();
    // @ts-expect-error: the id is missing
    sojourn.request('GET', '/v1/listings/{listingId}');
    // @ts-expect-error: it is called listingId
    sojourn.request('GET', '/v1/listings/{listingId}', { path: { id: 'lst_1' } });
    // @ts-expect-error: there is no such method
    sojourn.request('PUT', '/v1/listings/{listingId}', { path: { listingId: 'lst_1' } });
    // @ts-expect-error: no such query
    sojourn.request('GET', '/v1/listings', { query: { colour: 'red' } });
    // @ts-expect-error: the body is missing
    sojourn.request('POST', '/v1/listings', {});
  },
  requestOfSomethingNewer() {
    expectTypeOf(sojourn.request('POST', '/v1/newer', { body: { guests: 2 } })).toEqualTypeOf<
      ApiPromise<unknown>
    >();
    expectTypeOf(sojourn.request<{ id: string }>('GET', `/v1/newer/${'q'}`)).toEqualTypeOf<
      ApiPromise<{ id: string }>
    >();
  },
  async enums() {
    const listing = await sojourn.listings.get('lst_1');
    // What was read can be sent back, and a status of a newer server is no error.
    await sojourn.listings.update(listing.id, {
      amenities: [...listing.amenities, 'pool'],
      roomType: listing.roomType,
    });
    if (listing.status === 'being_painted') return;
    // @ts-expect-error: a misspelt value
    await sojourn.listings.update(listing.id, { amenities: ['poool'] });
  },
  async undefinedIsLeftOut(maybe: string | undefined) {
    new Sojourn({ baseUrl: 'http://localhost:4000', apiKey: maybe });
    await sojourn.listings.list({ q: maybe }).page();
    const input: ListingInput = { title: 'Loft', roomType: 'entirePlace', externalId: maybe };
    expectTypeOf(await sojourn.listings.create(input)).toEqualTypeOf<Listing>();
  },
  async lists() {
    for await (const listing of sojourn.listings.list())
      expectTypeOf(listing).toEqualTypeOf<Answer<'listListings'>['data'][number]>();
    expectTypeOf(await sojourn.search.list().page()).toEqualTypeOf<Answer<'searchListings'>>();
    for await (const listing of sojourn.listings.export())
      expectTypeOf(listing).toEqualTypeOf<Answer<'exportListings'>>();
  },
};

test('the types hold', () => {
  expect(Object.keys(_types)).not.toEqual([]);
});
