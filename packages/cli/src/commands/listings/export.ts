import { resolve } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { CommandContext } from '../../command-context.ts';
import { withoutControls } from '../../controls.ts';
import { COLUMN_NAMES, type ExportedListing, rowOf } from '../../import/formats/columns.ts';
import { count } from '../../render.ts';
import { writeOutputFile } from '../output-file.ts';

interface Options {
  format?: 'csv' | 'jsonl';
  status?: 'draft' | 'published' | 'paused' | 'archived' | 'suspended';
}

const LISTINGS_PER_CHUNK = 200;

/** Streams the host's listings into a file or stdout. */
export async function run(
  ctx: CommandContext,
  [output]: [string | undefined],
  { format, status }: Options,
): Promise<void> {
  const client = await ctx.client();
  const kind = format ?? kindOf(output) ?? (ctx.json ? 'jsonl' : 'csv');
  let written = 0;
  const chosen = async function* () {
    const all: AsyncIterable<ExportedListing> = client.listings.export({ signal: ctx.signal });
    for await (const listing of all) {
      if (status && listing.status !== status) continue;
      written += 1;
      if (written % LISTINGS_PER_CHUNK === 0) ctx.io.status(`Exporting … ${count(written, 'listing')}`);
      yield listing;
    }
  };
  const text = kind === 'csv' ? csv(chosen()) : jsonl(chosen());
  if (output === undefined || output === '-') {
    // On a terminal it is looked at, in a pipe it has to stay as it is.
    const shown = ctx.io.stdoutIsTerminal ? withoutControls : (chunk: string) => chunk;
    for await (const chunk of text) await ctx.io.write(shown(chunk));
    ctx.io.status();
    return;
  }
  await writeOutputFile(resolve(ctx.env.cwd, output), text, ctx.signal);
  ctx.io.status();
  ctx.io.success(`Exported ${count(written, 'listing')} to ${output}.`);
}

function kindOf(output: string | undefined): 'csv' | 'jsonl' | undefined {
  const name = output?.replace(/\.gz$/i, '');
  if (/\.(jsonl|ndjson)$/i.test(name ?? '')) return 'jsonl';
  return /\.csv$/i.test(name ?? '') ? 'csv' : undefined;
}

async function* chunks(listings: AsyncIterable<ExportedListing>): AsyncGenerator<ExportedListing[]> {
  let chunk: ExportedListing[] = [];
  for await (const listing of listings) {
    chunk.push(listing);
    if (chunk.length < LISTINGS_PER_CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

async function* csv(listings: AsyncIterable<ExportedListing>): AsyncGenerator<string> {
  yield stringify([[...COLUMN_NAMES]]);
  for await (const chunk of chunks(listings)) yield stringify(chunk.map(rowOf));
}

async function* jsonl(listings: AsyncIterable<ExportedListing>): AsyncGenerator<string> {
  for await (const chunk of chunks(listings))
    yield chunk.map((listing) => `${JSON.stringify(listing)}\n`).join('');
}
