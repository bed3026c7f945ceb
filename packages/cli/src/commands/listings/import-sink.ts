import { isDeepStrictEqual } from 'node:util';
import { ApiError, ConnectionError, RateLimitError, type Sojourn } from '@sojourn/sdk';
import { ListingInput } from '@sojourn/shared/listing';
import type { BatchResult, ImportSink, OutgoingRow, RowIssue } from '../../import/model.ts';
import { SinkBusy, SinkRefused, SinkTooLarge, SinkUnavailable } from '../../import/sink.ts';

/** A batch that is slow is still on its way; sending it again would only make the server slower. */
const TIMEOUT_MS = 120_000;

/** Sends rows through the SDK. Waiting and repeating is left to the import, which knows what else is under way. */
export function openSink(client: Sojourn): ImportSink {
  return {
    async upsert(rows, { publish, idempotencyKey }) {
      try {
        const listings = rows.filter(({ listingId }) => listingId === undefined).map(({ draft }) => draft);
        const options = { idempotencyKey, maxRetries: 0, timeout: TIMEOUT_MS };
        const { results } =
          listings.length === 0
            ? { results: [] }
            : await client.listings.upsert({ listings: listings as never, publish }, options);
        const upserted = results.values();
        const all: BatchResult[] = [];
        for (const row of rows)
          all.push(
            row.listingId === undefined
              ? (upserted.next().value as BatchResult)
              : await updateById(client, row, row.listingId, publish),
          );
        return all.filter(Boolean);
      } catch (error) {
        throw translated(error);
      }
    },
  };
}

function translated(error: unknown): unknown {
  if (error instanceof RateLimitError)
    return new SinkBusy(error.message, error.retryAfter === undefined ? undefined : error.retryAfter * 1_000);
  if (error instanceof ConnectionError)
    return new SinkUnavailable(error.message, undefined, { cause: error });
  if (!(error instanceof ApiError)) return error;
  const { status, code } = error;
  if (status === 413) return new SinkTooLarge(error.message, { cause: error });
  // 408: the body came too slowly. 409: the first attempt of this very batch is still running.
  if (status >= 500 || status === 408 || code === 'idempotency_in_progress')
    return new SinkUnavailable(error.message, retryAfterMs(error), { cause: error });
  // Who we are, what we may do and where we send to concern all batches alike.
  if ([401, 403, 404].includes(status)) return error;
  return new SinkRefused(code, error.message);
}

function retryAfterMs({ headers }: ApiError): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** A row of an export whose listing has no `externalId`: it is found by its Sojourn id, and only written when it differs. */
async function updateById(
  client: Sojourn,
  { draft }: OutgoingRow,
  listingId: string,
  publish: boolean,
): Promise<BatchResult> {
  const { externalId: _, ...wanted } = ListingInput.parse(draft);
  try {
    const current = await client.listings.get(listingId);
    const same = matches(wanted, current);
    const updated = same ? current : await client.listings.update(listingId, wanted as never);
    const result = {
      externalId: null,
      outcome: same ? 'unchanged' : 'updated',
      listingId,
      errors: [],
    } as const;
    if (!publish || updated.status !== 'draft') return { ...result, status: updated.status, gaps: [] };
    return { ...result, ...(await tryPublish(client, listingId)) };
  } catch (error) {
    const refused =
      error instanceof ApiError && error.status < 500 && ![401, 403, 408, 429].includes(error.status);
    if (!refused) throw error;
    return {
      externalId: null,
      outcome: 'failed',
      listingId,
      status: null,
      errors: issuesOf(error),
      gaps: [],
    };
  }
}

async function tryPublish(
  client: Sojourn,
  listingId: string,
): Promise<{ status: string; gaps: readonly RowIssue[] }> {
  try {
    const { status } = await client.listings.publish(listingId);
    return { status, gaps: [] };
  } catch (error) {
    if (error instanceof ApiError && error.code === 'listing_not_publishable')
      return { status: 'draft', gaps: error.errors };
    throw error;
  }
}

const issuesOf = (error: ApiError): readonly RowIssue[] =>
  error.errors.length > 0
    ? error.errors
    : [{ pointer: '', code: error.code, message: error.detail ?? error.message }];

/** Whether everything wanted is so already. The server may say more about a thing than a host writes. */
function matches(wanted: unknown, current: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(current) &&
      wanted.length === current.length &&
      wanted.every((item, i) => matches(item, current[i]))
    );
  if (typeof wanted !== 'object' || wanted === null) return isDeepStrictEqual(wanted, current);
  return (
    typeof current === 'object' &&
    current !== null &&
    Object.entries(wanted).every(([key, value]) => matches(value, (current as Record<string, unknown>)[key]))
  );
}
