import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { CliError } from '../exit.ts';

/** Writes text as it comes, compressed where the name ends in `.gz`. The file appears when it is whole, never half. */
export async function writeOutputFile(
  path: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const aside = `${path}.part`;
  try {
    const file = createWriteStream(aside);
    if (/\.gz$/i.test(path)) await pipeline(Readable.from(text), createGzip(), file, { signal });
    else await pipeline(text, file, { signal });
    await rename(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new CliError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}.`, {
      cause: error,
    });
  } finally {
    await rm(aside, { force: true });
  }
}
