import type { Context } from '../../platform/context.ts';
import { readSecrets } from '../repository/endpoints.ts';

const PURPOSE = 'webhook-secret';

/** A key as it is stored. */
export const sealKey = ({ keyring }: Context, key: Buffer): Buffer => keyring.seal(key, PURPOSE);

/** The keys that sign for an endpoint now. Empty when they were sealed under a secret that the server no longer has. */
export async function signingKeysOf(ctx: Context, endpointId: string): Promise<Buffer[]> {
  const sealed = await readSecrets(ctx.db, endpointId, ctx.clock.now());
  return sealed.map((one) => ctx.keyring.open(one, PURPOSE)).filter((key) => key !== undefined);
}
