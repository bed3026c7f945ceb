import { readConfig } from '../../../packages/api/src/platform/config.ts';
import { openResources } from '../../../packages/api/src/resources.ts';
import { startWorker } from '../../../packages/api/src/worker.ts';
import { stormWork } from './work.ts';

// A worker process of the storm, which is killed or frozen at any moment.
const resources = await openResources(readConfig());
startWorker(resources, stormWork);
process.send?.('ready');
process.on('disconnect', () => process.exit());
