import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../shared/data');

/** Published files that are not part of the repository. A checkout without them says so and leaves their tests out. */
export const hasSharedData = existsSync(folder);
if (!hasSharedData) console.warn(`No sample files in ${folder}: tests on published data are left out.`);

export const sharedData = (...path: string[]): string => resolve(folder, ...path);
