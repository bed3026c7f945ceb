import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { type Column, card, count, table } from '../../render.ts';
import { duration } from './duration.ts';

type Queue = Awaited<ReturnType<Sojourn['admin']['queues']['get']>>;
type Job = Queue['jobs'][number];

interface Options {
  state?: 'dead' | 'failed' | 'active' | 'waiting' | 'delayed' | 'scheduled';
  limit: number;
}

export async function run(ctx: CommandContext, [name]: [string], query: Options): Promise<void> {
  const { admin } = await ctx.client();
  const queue = await admin.queues.get(name, query, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(queue);
  ctx.io.print(drawQueue(queue, ctx.io.columns, ctx.io.paint.out));
  if (queue.counts.dead > 0 || queue.setAside.length > 0)
    ctx.io.hint(`sojourn admin queues retry ${oneLine(queue.name)}`);
}

export function drawQueue(queue: Queue, columns: number, paint: Colours): string {
  const { name, purpose, paused, counts, oldestDueSeconds, jobs, setAside } = queue;
  const { waiting, active, delayed, scheduled, dead } = counts;
  return [
    `${paint.bold(oneLine(name))}  ${oneLine(purpose)}${paused ? paint.yellow('  paused') : ''}`,
    '',
    card(
      [
        ['In the queue', `${waiting} waiting, ${active} active, ${delayed} delayed`],
        ['In the database', `${scheduled} scheduled, ${dead > 0 ? paint.red(`${dead} dead`) : '0 dead'}`],
        ['Oldest due', duration(oldestDueSeconds)],
      ],
      columns,
      paint,
    ),
    ...(jobs.length > 0 ? ['', table(jobs, jobColumns(paint), columns, paint)] : []),
    ...(setAside.length > 0 ? ['', drawSetAside(setAside, columns, paint)] : []),
    ...(jobs.length + setAside.length === 0 ? ['', 'Nothing waits here.'] : []),
  ].join('\n');
}

function jobColumns(paint: Colours): Column<Job>[] {
  return [
    {
      title: 'STATE',
      text: ({ state }) => state,
      style: (cell, { state }) => (state === 'dead' || state === 'failed' ? paint.red(cell) : cell),
    },
    { title: 'JOB', text: ({ name }) => name },
    { title: 'SINCE', text: ({ at, createdAt }) => when(at ?? createdAt), dropFirst: 3 },
    {
      title: 'ERROR OR PAYLOAD',
      text: ({ error, payload }) => error ?? JSON.stringify(payload),
      flexible: true,
    },
    { title: 'ID', text: ({ id }) => id ?? '', style: paint.dim, dropFirst: 4 },
  ];
}

function drawSetAside(events: Queue['setAside'], columns: number, paint: Colours): string {
  return [
    paint.red(`${count(events.length, 'event was', 'events were')} set aside:`),
    table(
      events,
      [
        { title: 'EVENT', text: ({ sequence }) => String(sequence), align: 'right' },
        { title: 'TYPE', text: ({ type }) => type },
        { title: 'CONSUMER', text: ({ consumer }) => consumer },
        { title: 'ERROR', text: ({ error }) => error ?? '', flexible: true },
      ],
      columns,
      paint,
    ),
  ].join('\n');
}

/** `2026-11-23 09:30`, in UTC as the server's log has it. */
const when = (instant: string) => instant.slice(0, 16).replace('T', ' ');
