import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const NOT_SOURCE = new Set(['node_modules', 'dist', 'test', '.turbo', 'coverage']);

/** The files of which something is made: no tests, and nothing that was made itself. */
export const sourceFiles = (entry) =>
  filesBelow(entry, (name) => !NOT_SOURCE.has(name) && !name.endsWith('.test.ts'));

export const allFiles = (entry) => filesBelow(entry, () => true);

/** Changes when a file is added, removed, or gets other content. */
export function contentFingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Changes when a file is added, removed or written. Reads no content: for output, which is large. */
export function writeFingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/** In a stable order. What does not exist has no files. */
function filesBelow(entry, wanted) {
  const stats = statSync(entry, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.isFile() ? [entry] : [];
  return readdirSync(entry)
    .filter(wanted)
    .sort()
    .flatMap((name) => filesBelow(path.join(entry, name), wanted));
}
