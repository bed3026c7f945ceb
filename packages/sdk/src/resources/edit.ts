import type { RequestOptions } from '../options.ts';

/** Options of a change to something that has versions. */
export interface EditOptions extends RequestOptions {
  /** The ETag that the change is based on. If the thing was changed since: `PreconditionFailedError`, and nothing happens. */
  ifMatch?: string | undefined;
}

/** The same options with `ifMatch` as the header that it stands for. */
export function withIfMatch({ ifMatch, ...options }: EditOptions = {}): RequestOptions {
  if (ifMatch === undefined) return options;
  return { ...options, headers: { ...options.headers, 'if-match': ifMatch } };
}
