import { readFile } from 'node:fs/promises';
import { CliError } from '../exit.ts';
import { type Io, readStdin } from '../io.ts';

/** The JSON value of a small file, or of stdin for `-`. */
export async function readJson(io: Io, file: string): Promise<unknown> {
  const source = file === '-' ? 'stdin' : file;
  let text: string;
  try {
    text = file === '-' ? await readStdin(io) : await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`Cannot read ${source}: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CliError(`${source} is not JSON: ${(error as Error).message}`);
  }
}
