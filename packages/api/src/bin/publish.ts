import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withEventTypes } from '../events/guide.ts';
import { apiDocument, eventTypes, problems } from '../surface.ts';

// Writes what the repository publishes from the surface: the OpenAPI document, a page for each problem code, and the
// table of events in their guide.
const packageFolder = path.join(import.meta.dirname, '../..');
const errorsFolder = path.join(packageFolder, '../../docs/errors');

await writeFile(path.join(packageFolder, 'openapi.json'), `${JSON.stringify(apiDocument(), null, 2)}\n`);
await mkdir(errorsFolder, { recursive: true });
for (const name of await readdir(errorsFolder)) await rm(path.join(errorsFolder, name));
for (const { code, status, title, help } of problems)
  await writeFile(
    path.join(errorsFolder, `${code}.md`),
    `# ${title}\n\n\`${code}\` · HTTP ${status}\n\n${help}\n`,
  );

const eventsGuide = path.join(packageFolder, '../../docs/guides/events.md');
await writeFile(eventsGuide, withEventTypes(await readFile(eventsGuide, 'utf8'), eventTypes));
