import { createHash } from 'node:crypto';
import { serverUrl } from '../../platform/config.ts';
import type { Context, Tx } from '../../platform/context.ts';
import { publicId, randomText } from '../../platform/id.ts';
import { findExport, removeExport, writeExport } from '../repository/exports.ts';
import { changeListing } from './change-feed.ts';

const PURPOSE = 'calendar-export';
/** 160 bits. */
const TOKEN_CHARACTERS = 32;

/** Where the exported calendar of a listing is read. */
export interface SharedCalendar {
  url: string;
  createdAt: Date;
}

export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The secret URL of a listing's calendar; it is made when there is none. */
export const shareExport = (ctx: Context, listingId: string): Promise<SharedCalendar> =>
  changeListing(ctx, listingId, async (tx, { id }) => {
    const stored = await findExport(tx, id);
    const token = stored && ctx.keyring.open(stored.sealedToken, PURPOSE)?.toString();
    // One that was sealed under a secret that the server no longer has cannot be shown: the host gets a new one.
    return stored && token
      ? { url: urlOf(ctx, id, token), createdAt: stored.createdAt }
      : writeNewExport(ctx, tx, id);
  });

/** A new secret URL; whoever knows the one before it can no longer read. */
export const rotateExport = (ctx: Context, listingId: string): Promise<SharedCalendar> =>
  changeListing(ctx, listingId, (tx, { id }) => writeNewExport(ctx, tx, id));

export const revokeExport = (ctx: Context, listingId: string): Promise<void> =>
  changeListing(ctx, listingId, (tx, { id }) => removeExport(tx, id));

async function writeNewExport(ctx: Context, tx: Tx, listingId: string): Promise<SharedCalendar> {
  const token = randomText(TOKEN_CHARACTERS);
  const createdAt = ctx.clock.now();
  const sealedToken = ctx.keyring.seal(Buffer.from(token), PURPOSE);
  await writeExport(tx, listingId, { tokenHash: hashOfToken(token), sealedToken, createdAt });
  return { url: urlOf(ctx, listingId, token), createdAt };
}

const urlOf = ({ config }: Context, listingId: string, token: string) =>
  `${serverUrl(config)}/v1/listings/${publicId('lst', listingId)}/calendar.ics?token=${token}`;
