import type { Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import type { Colours } from '../../io.ts';
import { type Column, count, table } from '../../render.ts';
import { duration } from './duration.ts';

type QueueList = Awaited<ReturnType<Sojourn['admin']['queues']['list']>>;
type Queue = QueueList['queues'][number];
type Consumer = QueueList['relay']['consumers'][number];

/** From here on somebody should look, in seconds. */
const LATE_SECONDS = 60;

export async function run(ctx: CommandContext): Promise<void> {
  const { admin } = await ctx.client();
  const list = await admin.queues.list({ signal: ctx.signal });
  if (ctx.json) return ctx.io.json(list);
  ctx.io.print(drawQueueList(list, ctx.io.columns, ctx.io.paint.out));
  for (const { name } of list.queues.filter(({ counts }) => counts.dead > 0))
    ctx.io.hint(`sojourn admin queues show ${name} --state dead`);
}

export function drawQueueList(
  { queues, relay, backend }: QueueList,
  columns: number,
  paint: Colours,
): string {
  const { outbox, newest, consumers } = relay;
  const held = backend === 'redis' ? 'Redis' : 'PostgreSQL';
  return [
    table(queues, queueColumns(paint), columns, paint),
    '',
    `Events: the newest is ${newest.toLocaleString('en-US')}; ${count(outbox, 'waits', 'wait')} for a number. The queues are in ${held}.`,
    ...(consumers.length > 0 ? ['', table(consumers, consumerColumns(paint), columns, paint)] : []),
  ].join('\n');
}

const number = (value: number) => value.toLocaleString('en-US');

function queueColumns(paint: Colours): Column<Queue>[] {
  const colour = (cell: string, queue: Queue) => paintOf(queueVerdict(queue), paint)(cell);
  return [
    { title: 'QUEUE', text: ({ name }) => name, flexible: true },
    { title: 'STATE', text: queueVerdict, style: colour },
    { title: 'WAITING', text: ({ counts }) => number(counts.waiting), align: 'right' },
    { title: 'ACTIVE', text: ({ counts }) => number(counts.active), align: 'right' },
    { title: 'DELAYED', text: ({ counts }) => number(counts.delayed), align: 'right', dropFirst: 4 },
    { title: 'SCHEDULED', text: ({ counts }) => number(counts.scheduled), align: 'right', dropFirst: 3 },
    {
      title: 'DEAD',
      text: ({ counts }) => number(counts.dead),
      align: 'right',
      style: (cell, { counts }) => (counts.dead > 0 ? paint.red(cell) : cell),
    },
    { title: 'OLDEST', text: ({ oldestDueSeconds }) => duration(oldestDueSeconds), align: 'right' },
  ];
}

function consumerColumns(paint: Colours): Column<Consumer>[] {
  return [
    { title: 'CONSUMER', text: ({ name }) => name, flexible: true },
    {
      title: 'STATE',
      text: consumerVerdict,
      style: (cell, consumer) => paintOf(consumerVerdict(consumer), paint)(cell),
    },
    { title: 'BEHIND', text: ({ behind }) => number(behind), align: 'right' },
    { title: 'OLDEST', text: ({ oldestSeconds }) => duration(oldestSeconds), align: 'right' },
    { title: 'RETRYING', text: ({ retrying }) => number(retrying), align: 'right', dropFirst: 3 },
    { title: 'SET ASIDE', text: ({ setAside }) => number(setAside), align: 'right' },
  ];
}

type Verdict = 'ok' | 'paused' | 'late' | 'dead jobs' | 'set aside';

/** The worst that is true of it. A word, because not everybody sees colours. */
function queueVerdict({ paused, counts, oldestDueSeconds }: Queue): Verdict {
  if (paused) return 'paused';
  if (counts.dead > 0) return 'dead jobs';
  return (oldestDueSeconds ?? 0) >= LATE_SECONDS ? 'late' : 'ok';
}

function consumerVerdict({ setAside, oldestSeconds }: Consumer): Verdict {
  if (setAside > 0) return 'set aside';
  return (oldestSeconds ?? 0) >= LATE_SECONDS ? 'late' : 'ok';
}

function paintOf(verdict: Verdict, paint: Colours): (text: string) => string {
  if (verdict === 'ok') return paint.green;
  return verdict === 'dead jobs' || verdict === 'set aside' ? paint.red : paint.yellow;
}
