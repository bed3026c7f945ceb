import { UnrecoverableError } from 'bullmq';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { QueueName } from './queue-names.ts';

/** A kind of background work: its name, what it is given, and how it is tried. */
export interface JobType<Payload extends z.ZodType = z.ZodType> {
  /** Imperative, after its feature: `bookings.expireHolds`. */
  name: string;
  queue: QueueName;
  payload: Payload;
  /** How often it is tried before it is dead. */
  attempts: number;
  /** The wait before the second attempt, in milliseconds; it doubles each time, with up to half of it by chance. */
  backoffMs: number;
  /** After this long an attempt counts as failed, in milliseconds; its `signal` is aborted. */
  timeoutMs: number;
  /** Runs by itself, every so many milliseconds or by a cron pattern in UTC. Such a job has an empty payload. */
  schedule?: { everyMs: number } | { cron: string };
}

export const jobType = <Payload extends z.ZodType>(
  definition: Pick<JobType<Payload>, 'name' | 'payload'> & Partial<JobType<Payload>>,
): JobType<Payload> => ({
  queue: 'default',
  attempts: 8,
  backoffMs: 1_000,
  timeoutMs: 30_000,
  ...definition,
});

/** What an attempt is told beside its payload. */
export interface Attempt {
  /** Aborted when the attempt takes too long, or the process is asked to stop and cannot wait any more. */
  signal: AbortSignal;
}

/**
 * What a job does. In a transaction (`ctx.db`) it is done exactly once, whatever crashes: the row of the job goes in the
 * same one. Outside of one, for work that calls the network, it may be repeated and must bear that.
 */
export interface JobHandler {
  job: JobType;
  inTransaction: boolean;
  run(ctx: Context, payload: never, attempt: Attempt): Promise<void>;
}

type Work<P extends z.ZodType> = (ctx: Context, payload: z.output<P>, attempt: Attempt) => Promise<void>;

/** Done exactly once: all that it writes by `ctx.db` is one transaction with the end of the job. It calls no network. */
export const handleOnce = <P extends z.ZodType>(job: JobType<P>, run: Work<P>): JobHandler => ({
  job,
  inTransaction: true,
  run,
});

/** Done at least once: for work that calls the network, or runs its own transactions. */
export const handleRepeatably = <P extends z.ZodType>(job: JobType<P>, run: Work<P>): JobHandler => ({
  job,
  inTransaction: false,
  run,
});

/** A failure that trying again would not mend, thrown by a handler: its job is dead at once. */
export const endOfTries = (reason: string): Error => new UnrecoverableError(reason);
