import type { Job } from 'bullmq';
import type { RequestHandler } from 'express';
import type { Resources } from '../../platform/context.ts';
import type { QueuedJob } from '../../platform/jobs/dispatch.ts';
import { QUEUES, type QueueName } from '../../platform/jobs/queue-names.ts';
import { countHeld } from '../../platform/jobs/state.ts';
import { finishJob, removeWaitingJobs } from '../../platform/jobs/store.ts';

/** The board of BullMQ. It brings a second copy of BullMQ along, so it is loaded when somebody first wants it. */
export async function openBullBoard({ queues, db }: Resources, basePath: string): Promise<RequestHandler> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/express'),
  ]);
  const server = new ExpressAdapter();
  server.setBasePath(basePath);
  createBullBoard({
    queues: queues.all().map((queue) =>
      Object.assign(new BullMQAdapter(queue, { description: QUEUES[queue.name as QueueName].purpose }), {
        // What must be done is kept in the database as well. Whatever removes a job removes it there, too: else the
        // relay would find it missing and add it again.
        async empty() {
          if (queue.name !== 'events') await removeWaitingJobs(db, queue.name as QueueName);
          await queue.drain(true);
        },
        async getJob(id: string) {
          const job = await queue.getJob(id);
          return job && forgottenWhenRemoved(job, db);
        },
        async clean(state: string) {
          if (state !== 'failed' && state !== 'completed')
            throw refusal('Use "Empty" to remove jobs that wait; those at work cannot be removed.');
          await queue.clean(0, Number.MAX_SAFE_INTEGER, state);
        },
        getJobCounts: () => countHeld(queue),
        addJob: async () => {
          throw refusal('A job is added by the server alone, in the transaction that has the reason for it.');
        },
        obliterate: async () => {
          throw refusal('A queue cannot be removed. "Empty" removes what waits in it.');
        },
      }),
    ),
    serverAdapter: server,
    options: {
      uiConfig: {
        boardTitle: 'Sojourn queues',
        miscLinks: [{ text: 'Sign out', url: `${basePath}/sign-out` }],
      },
    },
  });
  const board = server.getRouter();
  board.disable('x-powered-by');
  return withoutFonts(board);
}

function forgottenWhenRemoved(job: Job, db: Resources['db']): Job {
  const remove = job.remove.bind(job);
  job.remove = async (options) => {
    const { id } = job.data as QueuedJob;
    if (id !== undefined) await finishJob(db, id);
    await remove(options);
  };
  return job;
}

const refusal = (message: string) => Object.assign(new Error(message), { statusCode: 409 });

/** The page asks another server for its fonts; there may be no internet, and the policy allows none. */
const withoutFonts =
  (board: RequestHandler): RequestHandler =>
  (req, res, next) => {
    const send = res.send.bind(res);
    res.send = (body: unknown) =>
      send(typeof body === 'string' ? body.replace(/<link [^>]*fonts\.googleapis\.com[^>]*>/, '') : body);
    return board(req, res, next);
  };
