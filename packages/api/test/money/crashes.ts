import type { Kysely } from 'kysely';
import Stripe from 'stripe';
import type { DB } from '../../src/platform/db/rows.ts';
import type { TestServer } from '../server.ts';
import { SECRET_KEY } from '../server.ts';

/**
 * A process that dies at any of its steps, without a process: from that step on, what was under way does nothing any
 * more, neither what follows nor what would clean up; what others do is as before. Steps are the beginning of each
 * transaction, its end just before and just after it is committed, and each call of Stripe before it is made and when
 * its answer comes.
 */
export interface Crashes {
  /** Dies at the step after so many others. */
  arm(after: number): void;
  /** Lives on; answers whether it had died. */
  disarm(): boolean;
  /** How many steps there were. */
  readonly steps: number;
  /** Resolves when it dies. */
  readonly death: Promise<void>;
  /**
   * Webhooks come in while something else is at work: for those, a death is a connection that breaks, so that Stripe sends
   * them again.
   */
  breaking: boolean;
}

class Death extends Error {}

const never = () => new Promise<never>(() => {});

interface Steps extends Crashes {
  /** Passes a step, or dies at it. */
  step(): Promise<void>;
  /** The same inside a transaction, which is rolled back. */
  stepInside(): void;
}

function startSteps(): Steps {
  let left = Number.POSITIVE_INFINITY;
  let steps = 0;
  let died = false;
  let die = () => {};
  let death = Promise.resolve();
  const isLast = (): boolean => {
    steps += 1;
    left -= 1;
    if (left !== -1) return false;
    died = true;
    die();
    return true;
  };
  return {
    breaking: false,
    get steps() {
      return steps;
    },
    get death() {
      return death;
    },
    arm(after) {
      left = after;
      died = false;
      death = new Promise((resolve) => {
        die = resolve;
      });
    },
    disarm() {
      left = Number.POSITIVE_INFINITY;
      death = never();
      return died;
    },
    async step() {
      if (!isLast()) return;
      if (this.breaking) throw new Death('The connection broke.');
      await never();
    },
    stepInside() {
      if (isLast()) throw new Death('The connection broke.');
    },
  };
}

/** Lets a server die at its steps, and takes out of its client of Stripe the waits between tries. */
export function plantCrashes({ resources, emulator }: TestServer): Crashes {
  const steps = startSteps();
  const { hostname: host, port } = new URL(emulator.url);
  const withSteps: typeof fetch = async (...request) => {
    await steps.step();
    const answer = await fetch(...request);
    await steps.step();
    return answer;
  };
  resources.stripe.client = new Stripe(SECRET_KEY, {
    protocol: 'http',
    host,
    port,
    telemetry: false,
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(withSteps),
  });
  plantInTransactions(resources.db, steps);
  return steps;
}

function plantInTransactions(db: Kysely<DB>, steps: Steps): void {
  const begin = db.transaction.bind(db);
  db.transaction = () => {
    const builder = begin();
    const execute = builder.execute.bind(builder);
    builder.execute = async (work) => {
      await steps.step();
      try {
        const result = await execute(async (tx) => {
          const done = await work(tx);
          steps.stepInside();
          return done;
        });
        await steps.step();
        return result;
      } catch (error) {
        if (error instanceof Death && !steps.breaking) await never();
        throw error;
      }
    };
    return builder;
  };
}
