import { open, type Route, route } from '../platform/http/route.ts';
import { SearchPage, toSearchPage } from './schema/page.ts';
import { SearchQuery } from './schema/query.ts';
import { searchListings } from './service.ts';

export const searchRoutes: Route[] = [
  route(
    {
      operationId: 'searchListings',
      method: 'get',
      path: '/v1/search',
      tag: 'Search',
      summary: 'Search published listings',
      description: `Listings that match everything that is asked: where (\`bbox\`, or \`near\` with \`radiusKm\`, or \`place\`; everywhere when none is given), what (all other filters), in the order of \`sort\`.

With \`checkIn\` and \`checkOut\` only what can be booked for those nights is found: free, within the host's rules about lengths, arrivals and notice. Prices then mean the total of the stay, exactly as a quote for so many guests has it.

Points are rounded to three decimals for guests, and boxes and distances work on the rounded points: an address cannot be found out by searching around it. A changed listing is found as it now is from the next request on. Pages follow each other without gap or repeat while listings come and go; a cursor continues only the very same search.`,
      access: open,
      request: { query: SearchQuery },
      status: 200,
      response: SearchPage,
    },
    async (ctx, { query }) => toSearchPage(await searchListings(ctx, query)),
  ),
];
