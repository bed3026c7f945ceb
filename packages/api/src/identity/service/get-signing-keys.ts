import { exportJWK } from 'jose';
import type { Context } from '../../platform/context.ts';

export interface PublicSigningKey {
  kid: string;
  x: string;
}

/** The public halves of the keys that access tokens are signed with, today's first (RFC 8037). */
export async function getSigningKeys({ keyring }: Context): Promise<PublicSigningKey[]> {
  return Promise.all(
    [...keyring.verifying].map(async ([kid, key]) => ({ kid, x: (await exportJWK(key)).x! })),
  );
}
