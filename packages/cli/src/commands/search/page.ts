import type { Sojourn } from '@sojourn/sdk';

/** One page of what a search finds, as the API answers it. */
type SearchPage = Awaited<ReturnType<ReturnType<Sojourn['search']['list']>['page']>>;
export type Stay = SearchPage['data'][number];
export type Facets = NonNullable<SearchPage['facets']>;
