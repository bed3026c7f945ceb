import { contextOfProcess, type Resources } from './platform/context.ts';
import { openWorkers, type Work } from './platform/jobs/work.ts';
import { startRelay } from './platform/relay.ts';
import { work } from './surface.ts';

export interface RunningWorker {
  /** Lets running jobs finish for a moment; what is not done then is done by another process. */
  close(): Promise<void>;
}

/** Does all background work until closed. */
export function startWorker(resources: Resources, things: Work = work): RunningWorker {
  const ctx = contextOfProcess(resources, null);
  const relay = startRelay(ctx, resources.queues, things);
  const workers = openWorkers(ctx, resources.queues, things);
  return {
    async close() {
      await relay.close();
      await workers.close();
    },
  };
}
