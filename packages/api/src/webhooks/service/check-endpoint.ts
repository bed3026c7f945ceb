import type { Context } from '../../platform/context.ts';
import type { EventType } from '../../platform/events/event.ts';
import { checkOutboundUrl } from '../../platform/http/outbound-address.ts';
import type { FieldError } from '../../platform/problem.ts';
import { invalidRequest } from '../../platform/problems.ts';
import { knownPatterns } from '../model/endpoint.ts';

/** What an endpoint may choose from. */
export type Catalogue = readonly Pick<EventType, 'type'>[];

/** Refuses what cannot be called, and types that there are none of: all that is wrong at once. */
export function checkEndpoint(
  { config }: Context,
  catalogue: Catalogue,
  { url, types }: { url?: string | undefined; types?: readonly string[] | undefined },
): void {
  const errors = [...urlErrors(url, config.mode === 'sandbox'), ...typeErrors(catalogue, types)];
  if (errors.length === 0) return;
  const [{ pointer, message }] = errors as [FieldError];
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more in \`errors\`)` : '';
  throw invalidRequest({ detail: `${pointer}: ${message}${rest}.`, errors });
}

function urlErrors(url: string | undefined, allowLoopback: boolean): FieldError[] {
  const wrong = url === undefined ? undefined : checkOutboundUrl(url, { allowLoopback });
  return wrong ? [{ pointer: '/url', ...wrong }] : [];
}

function typeErrors(catalogue: Catalogue, types: readonly string[] = []): FieldError[] {
  const known = knownPatterns(catalogue);
  return types.flatMap((type, index) =>
    known.includes(type)
      ? []
      : [
          {
            pointer: `/types/${index}`,
            code: 'unknown_event_type',
            message: `"${type}" is no type of event; there are ${known.join(', ')}`,
          },
        ],
  );
}
