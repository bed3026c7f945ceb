import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { EXIT, type ExitCode, usageError } from '../../exit.ts';
import { fieldLines, isApiError, refusalText } from '../../failure.ts';
import { startProgress } from '../../progress.ts';
import { count } from '../../render.ts';
import type { Listing } from './draw.ts';

export interface StateOptions {
  all?: true;
  status?: 'draft' | 'published' | 'paused' | 'archived' | 'suspended';
}

interface Change {
  verb: 'publish' | 'pause' | 'archive';
  done: string;
}

const CONCURRENCY = 6;

/** One listing: its failure is the command's. Several: each is tried, and exit code 3 says that some were refused. */
export async function changeState(
  ctx: CommandContext,
  ids: readonly string[],
  options: StateOptions,
  change: Change,
): Promise<ExitCode> {
  const targets = await chooseTargets(ctx, ids, options, change);
  if (targets.length === 0) {
    ctx.io.say(`There are no ${options.status ? `${options.status} ` : ''}listings: nothing was changed.`);
    return EXIT.ok;
  }
  if (targets.length === 1 && !options.all) {
    const listing = await changeOne(ctx, targets[0]!, change);
    if (ctx.json) await ctx.io.jsonLine({ id: listing.id, status: listing.status });
    else ctx.io.success(`${change.done} ${oneLine(listing.title)} (${listing.id}).`);
    return EXIT.ok;
  }
  return changeMany(ctx, targets, change);
}

async function chooseTargets(
  ctx: CommandContext,
  ids: readonly string[],
  { all, status }: StateOptions,
  { verb }: Change,
): Promise<string[]> {
  if (ids.length > 0 && (all || status))
    throw usageError('Name the listings, or choose them with --all: not both.');
  if (status && !all)
    throw usageError('--status belongs to --all.', `sojourn listings ${verb} --all --status ${status}`);
  if (ids.length > 0) return [...new Set(ids)];
  if (!all)
    throw usageError('Which listings?', [
      `sojourn listings ${verb} lst_01… lst_02…`,
      `sojourn listings ${verb} --all --status draft`,
    ]);
  const chosen: string[] = [];
  const { listings } = await ctx.client();
  for await (const listing of listings.list(
    { limit: 100, ...(status && { status }) },
    { signal: ctx.signal },
  )) {
    ctx.io.status(`Looking for listings … ${chosen.length}`);
    chosen.push(listing.id);
  }
  ctx.io.status();
  if (chosen.length > 0)
    await ctx.confirm(
      `${verb[0]!.toUpperCase()}${verb.slice(1)} ${count(chosen.length, status ? `${status} listing` : 'listing')}?`,
    );
  return chosen;
}

async function changeOne({ client, signal }: CommandContext, id: string, { verb }: Change): Promise<Listing> {
  const { listings } = await client();
  return listings[verb](id, { signal });
}

async function changeMany(ctx: CommandContext, ids: readonly string[], change: Change): Promise<ExitCode> {
  const { io, json, signal } = ctx;
  const progress = startProgress(io, { label: change.done, unit: 'listings' });
  let done = 0;
  let refused = 0;
  let stopped = false;
  const next = ids.values();
  const worker = async () => {
    for (const id of next) {
      if (stopped) return;
      signal.throwIfAborted();
      try {
        const { status } = await changeOne(ctx, id, change);
        if (json) await io.jsonLine({ id, status });
      } catch (error) {
        // Only what the server says about this very listing is the listing's own failure.
        if (!isApiError(error) || error.status === 401 || error.status >= 500) {
          stopped = true;
          throw error;
        }
        refused++;
        if (json) await io.jsonLine({ id, error: error.problem });
        else io.warn([`${id}: ${refusalText(error)}`, ...fieldLines(error)].join('\n'));
      }
      progress.update({
        done: ++done,
        total: ids.length,
        ...(refused > 0 && { note: `${refused} refused` }),
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  } finally {
    progress.stop();
  }
  io.success(
    `${change.done} ${count(done - refused, 'listing')}${refused > 0 ? `; ${refused} refused` : ''}.`,
  );
  return refused > 0 ? EXIT.rowErrors : EXIT.ok;
}
