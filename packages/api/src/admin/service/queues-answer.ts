import { ask, QueuesAway } from '../../platform/jobs/ask.ts';
import { QUEUE_NAMES, type QueueName } from '../../platform/jobs/queue-names.ts';
import { queueNotFound, queuesUnavailable } from '../problems.ts';

/** The queue of this name. */
export function queueNamed(name: string): QueueName {
  const known = QUEUE_NAMES.find((one) => one === name);
  if (!known)
    throw queueNotFound({ detail: `There is no queue "${name}". They are ${QUEUE_NAMES.join(', ')}.` });
  return known;
}

/** What the queues answer, within two seconds: an admin looks here when they are in trouble. */
export const queuesAnswer = <T>(answer: () => Promise<T>): Promise<T> => orUnavailable(ask(answer));

/** The same of something that asks within its own time. */
export async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof QueuesAway)) throw error;
    throw queuesUnavailable({
      detail:
        'The queues do not answer. What must be done is kept in the database and goes on when they are back.',
      headers: { 'Retry-After': '5' },
      cause: error,
    });
  }
}
