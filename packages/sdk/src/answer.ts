/** Headers of an answer, names in lower case. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An answer with what came around its body. */
export interface ApiResponse<T> {
  data: T;
  /** HTTP status. */
  status: number;
  headers: Headers;
  /** Version of the thing answered, for `ifMatch`; undefined when the server sent none. */
  etag: string | undefined;
  /** Names the request in the server's log. */
  requestId: string | undefined;
  /** How many times the request was tried. */
  attempts: number;
}

/** The data of an answer to come. `withResponse()` gives its status, headers and ETag as well. */
export interface ApiPromise<T> extends Promise<T> {
  /**
   * ```ts
   * const { data, etag } = await sojourn.listings.get(listingId).withResponse();
   * await sojourn.listings.update(listingId, { title: `${data.title} (new)` }, { ifMatch: etag });
   * ```
   */
  withResponse(): Promise<ApiResponse<T>>;
}

export function apiPromise<T>(response: Promise<ApiResponse<T>>): ApiPromise<T> {
  const data = response.then((answer) => answer.data);
  return Object.assign(data, {
    withResponse: () => {
      // A failure is told through `response`; the promise that nobody awaits must not report it a second time.
      data.catch(() => {});
      return response;
    },
  });
}
