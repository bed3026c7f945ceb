import { problem } from '../platform/problem.ts';

export const listingNotFound = problem({
  code: 'listing_not_found',
  status: 404,
  title: 'There is no such listing',
  help: 'The id is unknown or mistyped (listing ids start with `lst_`), the listing was deleted, or it is not public and not yours. `GET /v1/listings` lists yours.',
});
export const notYourListing = problem({
  code: 'not_your_listing',
  status: 403,
  title: 'The listing belongs to another host',
  help: 'Only its host, or an admin with the scope `admin`, may change a listing. Check that the credentials are those of the right account: `GET /v1/me`.',
});
export const listingNotPublishable = problem({
  code: 'listing_not_publishable',
  status: 422,
  title: 'The listing lacks what a published one needs',
  help: 'Each entry of `errors` names one field by JSON pointer and what it needs. Fill them in with `PATCH /v1/listings/{listingId}`, then publish again.',
});
export const listingStateConflict = problem({
  code: 'listing_state_conflict',
  status: 409,
  title: 'The state of the listing does not allow this',
  help: 'Listings go `draft → published ⇄ paused`, and from any state to `archived`, where they stay; only staff suspend one. Drafts and archived listings can be deleted. `detail` names the state of this listing and what is possible from it.',
});
export const externalIdTaken = problem({
  code: 'external_id_taken',
  status: 409,
  title: 'Another of your listings has this externalId',
  help: 'An `externalId` names one listing of a host. Find the other with `GET /v1/listings?externalId=…`, and change that one or use another id. `POST /v1/listings/batch` creates or updates by `externalId`, whichever is needed.',
});
export const photoNotFound = problem({
  code: 'photo_not_found',
  status: 404,
  title: 'The listing has no such photo',
  help: 'The id is unknown or mistyped (photo ids start with `pho_`), or the photo was removed. `GET /v1/listings/{listingId}/photos` lists them.',
});
export const photoLimitReached = problem({
  code: 'photo_limit_reached',
  status: 409,
  title: 'The listing has as many photos as it may',
  help: 'A listing holds at most 50 photos. Remove one first.',
});
