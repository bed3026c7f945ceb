import type { Context } from '../../platform/context.ts';
import { readSecrets } from '../repository/endpoints.ts';

const PURPOSE = 'webhook-secret';

/** A key as it is stored. */
export const sealKey = ({ keyring }: Context, key: Buffer): Buffer => keyring.seal(key, PURPOSE);

/** Keys as they sign. Those that were sealed under a secret that the server no longer has are left out. */
export const openKeys = ({ keyring }: Context, sealed: readonly Buffer[]): Buffer[] =>
  sealed.map((one) => keyring.open(one, PURPOSE)).filter((key) => key !== undefined);

/** The keys that sign for an endpoint now. */
export const signingKeysOf = async (ctx: Context, endpointId: string): Promise<Buffer[]> =>
  openKeys(ctx, await readSecrets(ctx.db, endpointId, ctx.clock.now()));
