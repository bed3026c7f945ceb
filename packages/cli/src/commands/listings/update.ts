import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { needsPresent, readDraft } from './draft.ts';
import type { ListingFlags } from './fields.ts';

type Options = ListingFlags & { ifMatch?: string };

export async function run(
  ctx: CommandContext,
  [id]: [id: string],
  { ifMatch, ...flags }: Options,
): Promise<void> {
  const { listings } = await ctx.client();
  const { signal } = ctx;
  // What is built upon the listing as it is must meet it unchanged.
  const present = needsPresent(flags) ? await listings.get(id, { signal }).withResponse() : undefined;
  const patch = await readDraft(ctx.io, flags, {
    ...(present && { location: present.data.location, currency: present.data.basePrice?.currency }),
  });
  const listing = await listings.update(id, patch as never, {
    signal,
    ifMatch: ifMatch === undefined ? present?.etag : entityTag(ifMatch),
  });
  if (ctx.json) return ctx.io.json(listing);
  ctx.io.success(`Updated ${oneLine(listing.title)}: ${Object.keys(patch).join(', ')}.`);
}

/** A version as typed (3), or an entity tag as an answer had it ("3"). */
const entityTag = (text: string) => (/^[\w-]+$/.test(text) ? `"${text}"` : text);
