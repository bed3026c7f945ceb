import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { checkSearch, mendSearch } from '../../search/service.ts';
import type { Progress, RunResult } from '../model/maintenance.ts';
import { reconcile } from './reconcile.ts';

/** Work that admins ask for. It bears to be begun again at any moment: a process may die in it. */
export interface MaintenanceTask {
  name: string;
  summary: string;
  /** Whether it can change something; others only look. */
  applies: boolean;
  options: z.ZodObject;
  run(ctx: Context, options: never, how: Progress & { apply: boolean }): Promise<RunResult>;
}

const task = <Options extends z.ZodObject>(
  definition: Omit<MaintenanceTask, 'options' | 'run'> & {
    options: Options;
    run(ctx: Context, options: z.output<Options>, how: Progress & { apply: boolean }): Promise<RunResult>;
  },
): MaintenanceTask => definition;

const instant = z.iso.datetime().optional();

export const MAINTENANCE_TASKS: readonly MaintenanceTask[] = [
  task({
    name: 'reconcile',
    summary: 'Compares the ledger with the balance transactions of Stripe, and names each difference.',
    applies: false,
    options: z.strictObject({
      from: instant.meta({ description: 'Of `reconcile`: from when; from the beginning when left out.' }),
      to: instant.meta({
        description:
          'Of `reconcile`: until when, exclusive; until now when left out, and then the balances are compared as well.',
      }),
    }),
    run: (ctx, options, progress) => reconcile(ctx, options, progress),
  }),
  task({
    name: 'rebuildSearch',
    summary: 'Compares the tables that search reads with the listings, and mends what differs.',
    applies: true,
    options: z.strictObject({}),
    async run(ctx, _options, { apply, tell }) {
      const result = await (apply ? mendSearch(ctx) : checkSearch(ctx));
      await tell(result.wrong, result.wrong);
      return { task: 'rebuildSearch', ...result };
    },
  }),
];
