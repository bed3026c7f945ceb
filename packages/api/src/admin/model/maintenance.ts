import type { Reconciliation } from './reconciliation.ts';

export const RUN_STATUSES = ['waiting', 'running', 'succeeded', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What came of a look at the tables that search reads. */
export interface SearchCheck {
  task: 'rebuildSearch';
  /** Listings that search knew wrongly. */
  wrong: number;
  /** Those of them that were mended: none when it was only a look. */
  mended: number;
}

export type RunResult = Reconciliation | SearchCheck;

/** How a run tells how far it is, and is told to stop. */
export interface Progress {
  /** How much is done of how much; null while nobody knows. */
  tell(done: number, total: number | null): Promise<void>;
  /** Aborted when the run takes too long, or the process stops. */
  signal: AbortSignal;
}

/** Maintenance that was asked for, by an admin or by the calendar. */
export interface MaintenanceRun {
  id: string;
  task: string;
  options: Record<string, unknown>;
  /** Whether it changes what it finds, or only looks. */
  applies: boolean;
  reason: string | null;
  /** The admin; null for the calendar. */
  startedBy: string | null;
  status: RunStatus;
  done: number;
  /** Null while nobody knows. */
  total: number | null;
  result: RunResult | null;
  /** Why it failed. */
  failure: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}
