import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { readDraft } from './draft.ts';
import type { ListingFlags } from './fields.ts';

type Options = ListingFlags & { publish?: true };

export async function run(ctx: CommandContext, _args: [], { publish, ...flags }: Options): Promise<void> {
  const { io, json, signal } = ctx;
  const draft = await readDraft(io, flags);
  const { listings } = await ctx.client();
  let listing = await listings.create(draft as never, { signal });
  const title = oneLine(listing.title);
  if (!json) {
    io.print(listing.id);
    io.success(`Created ${title} as a draft.`);
    if (!publish) io.hint(`sojourn listings publish ${listing.id}`);
  }
  try {
    if (publish) listing = await listings.publish(listing.id, { signal });
  } finally {
    // The listing is there, published or not: whoever reads the output gets to know its id.
    if (json) await io.json(listing);
  }
  if (publish && !json) io.success(`Published ${title}.`);
}
