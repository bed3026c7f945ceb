import { createHash } from 'node:crypto';
import type { Context } from '../../platform/context.ts';
import { getFollowing } from '../../platform/http/follow-redirects.ts';
import type { OutboundAnswer } from '../../platform/http/outbound.ts';
import { OutboundError } from '../../platform/http/outbound-error.ts';
import { MAX_CHARACTERS } from '../model/calendar-text.ts';
import type { FeedFailure } from '../model/feed.ts';
import type { FeedToFetch, Version } from '../repository/fetches.ts';
import { openUrl } from './feed-url.ts';

export type Fetched =
  | { outcome: 'unchanged' }
  | { outcome: 'fetched'; text: string; version: Version }
  | { outcome: 'failed'; failure: FeedFailure }
  /** The server stops; somebody else does it again. */
  | { outcome: 'aborted' };

const NOT_MODIFIED = 304;
/** Longer tags and dates are not sent back. */
const MAX_VALIDATOR_CHARACTERS = 500;

/**
 * Asks a channel for its calendar, and only for one that is newer than what was read today.
 *
 * @param today where the listing is: what is to come moves on with it, so the same text is read again on the next day
 */
export async function fetchCalendar(
  ctx: Context,
  feed: FeedToFetch,
  today: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const url = openUrl(ctx, feed.sealedUrl);
  if (url === undefined)
    return failed('url_unreadable', 'The URL of the feed cannot be read any more: give it again.');
  // A calendar that is suddenly empty is looked at anew until it is believed.
  const known = feed.readFor === today && feed.emptiedAt === null ? feed : undefined;
  const headers = {
    accept: 'text/calendar, */*;q=0.1',
    'accept-encoding': 'identity',
    ...(known?.etag ? { 'if-none-match': known.etag } : {}),
    ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
  };
  try {
    const answer = await getFollowing(ctx.outbound, {
      url,
      headers,
      maxResponseBytes: MAX_CHARACTERS,
      signal,
    });
    return outcomeOf(answer, known, today);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return error.reason === 'aborted' ? { outcome: 'aborted' } : failed(error.reason, error.message);
  }
}

const failed = (code: string, detail: string): Fetched => ({ outcome: 'failed', failure: { code, detail } });

function outcomeOf(
  { status, headers, body, truncated }: OutboundAnswer,
  known: FeedToFetch | undefined,
  today: string,
): Fetched {
  if (status === NOT_MODIFIED && known) return { outcome: 'unchanged' };
  if (status !== 200) return failed('http_error', `It answered ${status} instead of 200.`);
  if (truncated) return failed('too_large', `It has more than ${MAX_CHARACTERS} bytes.`);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return failed(
      'unexpected_encoding',
      `It is encoded (${String(encoding).slice(0, 40)}), which was not asked for.`,
    );
  const bodyHash = createHash('sha256').update(body).digest();
  if (known?.bodyHash?.equals(bodyHash)) return { outcome: 'unchanged' };
  const version = {
    etag: validator(headers.etag),
    lastModified: validator(headers['last-modified']),
    bodyHash,
    readFor: today,
  };
  return { outcome: 'fetched', text: new TextDecoder().decode(body), version };
}

const validator = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value.length <= MAX_VALIDATOR_CHARACTERS ? value : null;
