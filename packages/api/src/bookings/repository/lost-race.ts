import pg from 'pg';

const EXCLUSION_VIOLATION = '23P01';
const DEADLOCK_DETECTED = '40P01';

/**
 * Whether PostgreSQL ended a transaction because others want the same nights. Writers take them in an order in which
 * that does not happen; if it does all the same, whoever lost is told that they are taken.
 */
export const lostRace = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && [EXCLUSION_VIOLATION, DEADLOCK_DETECTED].includes(error.code ?? '');
