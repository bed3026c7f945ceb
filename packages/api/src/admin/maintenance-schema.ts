import { line } from '@sojourn/shared/text';
import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import { type MaintenanceRun, RUN_STATUSES } from './model/maintenance.ts';
import { DIFFERENCE_KINDS, MAX_DIFFERENCES } from './model/reconciliation.ts';

const RUN_ID = 'run_01j9z6t8v2e4m8q0r5s7x3y1ka';
const FROM = '2026-11-27T00:00:00.000Z';
const TO = '2026-11-28T00:00:00.000Z';
const WHEN = '2026-11-28T03:00:00.000Z';
const REASON = 'Search shows a listing that was archived; ticket 4712.';
const MOST = Number.MAX_SAFE_INTEGER - 1;

const instant = z.iso.datetime();
const count = (description: string) => z.int().min(0).max(MOST).meta({ description });
const sum = z.int().min(-MOST).max(MOST).meta({ description: 'In minor units; negative for what went out.' });
const currency = z.string().meta({ description: 'ISO 4217.' });

export const MaintenanceParams = z.strictObject({
  task: z
    .string()
    .max(100)
    .meta({ description: 'The name of the task.', examples: ['reconcile'] }),
});
export const MaintenanceRunParams = z.strictObject({
  runId: z
    .string()
    .max(100)
    .meta({ description: 'The run.', examples: [RUN_ID] }),
});
export const MaintenanceRunQuery = z.strictObject({
  task: z.string().max(100).optional().meta({ description: 'Only runs of this task.' }),
  ...pageQuery,
});

export const MaintenanceBody = z
  .strictObject({
    apply: z.boolean().default(false).meta({
      description: 'Mend what is found. Without it nothing is changed; what would be is told.',
    }),
    reason: line(500).min(3).optional().meta({ description: 'Why, for the audit log. `apply` needs one.' }),
    from: instant.optional().meta({ description: 'Of `reconcile`: from when. Default: from the beginning.' }),
    to: instant.optional().meta({
      description:
        'Of `reconcile`: until when, exclusive. Default: until now; then the balances are compared as well.',
    }),
  })
  .meta({ id: 'NewMaintenanceRun', examples: [{ from: FROM, to: TO }] });

const TASK = {
  name: 'reconcile',
  summary: 'Compares the ledger with the balance transactions of Stripe, and names each difference.',
  applies: false,
  options: ['from', 'to'],
};
export const MaintenanceTaskList = z
  .object({
    data: z.array(
      z
        .object({
          name: z.string(),
          summary: z.string(),
          applies: z.boolean().meta({ description: 'Whether it takes `apply`; others only look.' }),
          options: z.array(z.string()).meta({ description: 'What else it takes.' }),
        })
        .meta({ id: 'MaintenanceTask', examples: [TASK] }),
    ),
  })
  .meta({ id: 'MaintenanceTaskList', examples: [{ data: [TASK] }] });

const Side = z
  .object({
    amount: sum,
    currency,
    source: z.string().meta({
      description:
        'What made it: in the ledger such as `charge:ch_…`, at Stripe the id of the charge, refund or transfer.',
    }),
  })
  .nullable();
const DIFFERENCE = {
  kind: 'amountDiffers' as const,
  transaction: 'txn_1PZ2aLExample',
  at: '2026-11-27T14:03:10.000Z',
  ledger: { amount: 12_000, currency: 'EUR', source: 'charge:ch_1PZ2aLExample' },
  stripe: { amount: 12_500, currency: 'EUR', source: 'ch_1PZ2aLExample' },
  advice: 'Both know the movement, with other amounts.',
};
const DifferenceView = z
  .object({
    kind: z.enum(DIFFERENCE_KINDS),
    transaction: z.string().meta({ description: 'The balance transaction of Stripe.' }),
    at: instant,
    ledger: Side.meta({ description: 'What the ledger knows of it; null when nothing.' }),
    stripe: Side.meta({ description: 'What Stripe knows of it; null when nothing.' }),
    advice: z.string().meta({ description: 'What to do about it.' }),
  })
  .meta({ id: 'MoneyDifference', examples: [DIFFERENCE] });

const TOTAL = { currency: 'EUR', ledger: 812_000, stripe: 812_500 };
const total = { currency, ledger: sum, stripe: sum };
const RECONCILIATION = {
  task: 'reconcile' as const,
  from: FROM,
  to: TO,
  checked: 418,
  matched: 417,
  differenceCount: 1,
  differences: [DIFFERENCE],
  totals: [TOTAL],
  balances: null,
};
const ReconciliationView = z
  .object({
    task: z.literal('reconcile'),
    from: instant.nullable().meta({ description: 'Null for the beginning.' }),
    to: instant,
    checked: count('Movements of money that were looked at.'),
    matched: count('Of those, the ones on which the ledger and Stripe agree.'),
    differenceCount: count('Of those, the others.'),
    differences: z
      .array(DifferenceView)
      .meta({ description: `The first ${MAX_DIFFERENCES.toLocaleString('en-US')}.` }),
    totals: z.array(z.object(total)).meta({ description: 'What moved, by currency.' }),
    balances: z
      .array(
        z.object({
          ...total,
          bank: sum.meta({
            description:
              'What came from the bank of the marketplace less what went there. It is no part of the ledger: `ledger` and `bank` together are `stripe`.',
          }),
        }),
      )
      .nullable()
      .meta({ description: 'What there is, by currency; null when the time did not reach to now.' }),
  })
  .meta({ id: 'Reconciliation', examples: [RECONCILIATION] });

const SearchCheckView = z
  .object({
    task: z.literal('rebuildSearch'),
    wrong: count('Listings that search knew wrongly.'),
    mended: count('Of those, the ones that were mended; none without `apply`.'),
  })
  .meta({ id: 'SearchCheck', examples: [{ task: 'rebuildSearch', wrong: 1, mended: 1 }] });

const RUN = {
  id: RUN_ID,
  task: 'reconcile',
  options: { from: FROM, to: TO },
  applies: false,
  reason: null,
  startedBy: null,
  status: 'succeeded' as const,
  progress: { done: 418, total: 418 },
  result: RECONCILIATION,
  failure: null,
  createdAt: WHEN,
  startedAt: WHEN,
  finishedAt: WHEN,
};
export const MaintenanceRunView = z
  .object({
    id: z.string(),
    task: z.string(),
    options: z.record(z.string(), z.unknown()),
    applies: z.boolean().meta({ description: 'Whether it mends what it finds, or only looks.' }),
    reason: z.string().nullable(),
    startedBy: z
      .string()
      .nullable()
      .meta({ description: 'The admin; null for what the marketplace does daily.' }),
    status: z.enum(RUN_STATUSES),
    progress: z.object({
      done: count('So much is done'),
      total: z.int().min(0).max(MOST).nullable().meta({ description: 'of so much; null while unknown.' }),
    }),
    result: z
      .union([ReconciliationView, SearchCheckView, z.null()])
      .meta({ description: 'What came of it; null until it has succeeded.' }),
    failure: z.string().nullable().meta({ description: 'Why it failed.' }),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({
    id: 'MaintenanceRun',
    examples: [
      RUN,
      {
        ...RUN,
        task: 'rebuildSearch',
        options: {},
        applies: true,
        reason: REASON,
        result: { task: 'rebuildSearch', wrong: 1, mended: 1 },
      },
    ],
  });
export const MaintenanceRunPage = pageOf(MaintenanceRunView).meta({ id: 'MaintenanceRunPage' });

const isoOf = (date: Date | null) => date?.toISOString() ?? null;

export const toMaintenanceRunView = ({
  done,
  total: of,
  result,
  ...run
}: MaintenanceRun): z.input<typeof MaintenanceRunView> => ({
  ...run,
  id: publicId('run', run.id),
  startedBy: run.startedBy && publicId('usr', run.startedBy),
  progress: { done, total: of },
  result: result?.task === 'reconcile' ? withInstants(result) : result,
  createdAt: run.createdAt.toISOString(),
  startedAt: isoOf(run.startedAt),
  finishedAt: isoOf(run.finishedAt),
});

const withInstants = (result: Extract<MaintenanceRun['result'], { task: 'reconcile' }>) => ({
  ...result,
  differences: result.differences.map((difference) => ({
    ...difference,
    at: new Date(difference.at * 1_000).toISOString(),
  })),
});
