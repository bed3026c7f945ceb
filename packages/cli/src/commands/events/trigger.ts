import type { Sojourn, SojournEvent } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { CliError, usageError } from '../../exit.ts';
import { nearest } from '../../import/nearest.ts';
import { table } from '../../render.ts';
import { drawEvent } from './draw.ts';
import { openKitchen } from './kitchen.ts';
import type { Done } from './recipe.ts';
import { NO_RECIPE, RECIPES } from './recipes.ts';

/** How long an event may take to be told, in milliseconds. */
const PATIENCE = 10_000;

export async function run(
  ctx: CommandContext,
  [type]: [type: string | undefined],
  options: { list?: true },
): Promise<void> {
  if (options.list) return showRecipes(ctx);
  if (type === undefined)
    throw usageError('Which event?', ['sojourn trigger listing.published', 'sojourn trigger --list']);
  const recipe = recipeFor(type);
  await refuseLive(ctx);
  const { events } = await ctx.client();
  const { lastSequence } = await events.list({ after: 'latest', limit: 1 }, { signal: ctx.signal }).page();
  const { kitchen, cleanUp } = await openKitchen(ctx);
  try {
    const done = await recipe(kitchen);
    ctx.io.success(`${oneLine(done.did)}.`);
    const event = await eventOf(ctx, type, done, lastSequence);
    if (ctx.json) await ctx.io.json(event);
    else ctx.io.print(drawEvent(event, ctx.io.columns, ctx.io.paint.out));
    if (done.reader) ctx.io.say('It belongs to that account: others do not see it, but for admins (--all).');
  } finally {
    await cleanUp();
  }
}

function recipeFor(type: string) {
  if (Object.hasOwn(RECIPES, type)) return RECIPES[type]!;
  if (Object.hasOwn(NO_RECIPE, type)) throw usageError(`${type} cannot be triggered. ${NO_RECIPE[type]}`);
  const close = nearest(type, Object.keys(RECIPES));
  throw usageError(`There is no event called ${oneLine(type)}.`, [
    ...(close === undefined ? [] : [`sojourn trigger ${close}`]),
    'sojourn trigger --list',
  ]);
}

async function refuseLive(ctx: CommandContext): Promise<void> {
  const { mode } = await (await ctx.client()).meta.get({ signal: ctx.signal });
  if (mode === 'sandbox') return;
  const { url } = await ctx.connection();
  throw new CliError(`${url} is a live server: nothing is made up there.`, {
    next: ['Start one of your own: npm start', 'sojourn login --dev'],
  });
}

async function eventOf(
  ctx: CommandContext,
  type: string,
  { subjectId, reader }: Done,
  before: number,
): Promise<SojournEvent> {
  const client: Sojourn = reader ?? (await ctx.client());
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(PATIENCE)]);
  try {
    for await (const event of client.events.tail({ after: before, types: type, signal }))
      if (subjectId === undefined || event.subject.id === subjectId) return event;
  } catch (error) {
    if (ctx.signal.aborted || !signal.aborted) throw error;
  }
  throw new CliError(`It is done, but no ${type} came within ${PATIENCE / 1_000} seconds.`, {
    next: ['Is a worker running (WORKER=inline, or a process of its own)?'],
  });
}

async function showRecipes({ io, json }: CommandContext): Promise<void> {
  const rows = [
    ...Object.keys(RECIPES).map((type) => ({ type, why: null })),
    ...Object.entries(NO_RECIPE).map(([type, why]) => ({ type, why })),
  ];
  if (json) return io.json(rows.map(({ type, why }) => ({ type, triggers: why === null, why })));
  io.print(
    table(
      rows,
      [
        { title: 'EVENT', text: ({ type }) => type },
        { title: 'CAN BE TRIGGERED', text: ({ why }) => why ?? 'yes', flexible: true },
      ],
      io.columns,
      io.paint.out,
    ),
  );
}
