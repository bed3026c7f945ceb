import type { Context } from '../../platform/context.ts';
import { checkOutboundUrl } from '../../platform/http/outbound-address.ts';
import { invalidRequest } from '../../platform/problems.ts';

const PURPOSE = 'feed-url';

/** A URL as it is stored: sealed, with only its host to be shown. */
export interface StoredUrl {
  sealedUrl: Buffer;
  urlHost: string;
}

/** Refuses what must never be called, and seals what may. */
export function storeUrl({ config, keyring }: Context, url: string): StoredUrl {
  const wrong = checkOutboundUrl(url, { allowLoopback: config.mode === 'sandbox' });
  if (wrong)
    throw invalidRequest({
      detail: `/url: ${wrong.message}.`,
      errors: [{ pointer: '/url', ...wrong }],
    });
  return { sealedUrl: keyring.seal(Buffer.from(url), PURPOSE), urlHost: new URL(url).host };
}

/** Undefined when it was sealed under a secret that the server no longer has. */
export const openUrl = ({ keyring }: Context, sealedUrl: Buffer): string | undefined =>
  keyring.open(sealedUrl, PURPOSE)?.toString();
