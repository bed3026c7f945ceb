import { problem } from '../platform/problem.ts';

export const calendarSelectionTooLarge = problem({
  code: 'calendar_selection_too_large',
  status: 422,
  title: 'The request changes too much at once',
  help: 'One request changes the calendars of at most 500 listings, and listings times ranges may be 20,000. Nothing was changed. Narrow the selection, by `listingIds`, `tags`, `place` or `roomType`, and send several requests.',
});
