import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // How far the clock of a sandbox was moved. One row.
  await run(`create table sandbox_clock (
    singleton boolean primary key default true,
    ahead_ms bigint not null,
    moved_at timestamptz not null,
    constraint sandbox_clock__one_row check (singleton),
    constraint sandbox_clock__forward check (ahead_ms >= 0)
  )`);
  await run('insert into sandbox_clock (ahead_ms, moved_at) values (0, now())');
  await run('revoke insert, delete on sandbox_clock from sojourn_app');

  // Work that admins ask for, or the clock: what was done, how far it is, what came of it.
  await run(`create table maintenance_runs (
    id uuid primary key,
    task text not null,
    options jsonb not null,
    applies boolean not null,
    reason text,
    started_by uuid references users,
    status text not null,
    done bigint not null default 0,
    total bigint,
    result jsonb,
    failure text,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    constraint maintenance_runs__status_known check (status in ('waiting', 'running', 'succeeded', 'failed'))
  )`);
  await run('create index maintenance_runs__by_task on maintenance_runs (task, id)');
}
