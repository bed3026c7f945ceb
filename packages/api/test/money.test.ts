import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Step, step } from './money/steps.ts';
import { startStory } from './money/story.ts';
import { type MoneyWorld, startMoneyWorld } from './money/world.ts';

// Everything that can happen to money happens by chance, with processes that die between any two steps. After each run
// all is let come to rest; then the books must be right to the minor unit, here and at Stripe.
//
//   MONEY_RUNS=500     more runs than the few of every day
//   MONEY_SEED=…       the seed that a failure printed
//   MONEY_SHRINK=1     look for the shortest story that fails

const MANY = process.env.MONEY_RUNS !== undefined;
const RUNS = Number(process.env.MONEY_RUNS ?? 20);
/** On a busy machine fewer runs have to do. */
const MOST_MS = 40_000;
const SEED = Number(process.env.MONEY_SEED ?? Date.now() % 2 ** 31);
const STEPS = { minLength: 40, maxLength: 90 };
const TIMEOUT_MS = 60_000 + RUNS * 60_000;

/** One of the hosts can be paid from the start. */
const BEGINNING: readonly Step[] = [
  {
    do: 'ask',
    request: { act: 'openAccount', host: 0, complete: true },
    dieAfter: undefined,
    stripeFails: undefined,
  },
];

const until = performance.now() + MOST_MS;
let world: MoneyWorld | undefined;
const counted = { runs: 0, steps: 0, inside: 0, bookings: 0 };
afterAll(async () => {
  const seen = await world?.seen();
  await world?.stop();
  process.stdout.write(`money: ${JSON.stringify({ seed: SEED, ...counted, ...seen })}\n`);
});

/** A world in which something went wrong stays so: the next run gets another one. */
async function leave(): Promise<void> {
  const left = world;
  world = undefined;
  await left?.stop();
}

/** The same story without whatever it fails without. */
async function shortest(steps: readonly Step[]): Promise<readonly Step[]> {
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let from = 0; from < steps.length; ) {
      const fewer = steps.toSpliced(from, size);
      const stillFails = await tell(fewer).then(
        () => false,
        () => true,
      );
      if (stillFails) steps = fewer;
      else from += size;
    }
  return steps;
}

async function run(steps: readonly Step[]): Promise<void> {
  if (!MANY && performance.now() > until) return;
  try {
    await tell(steps);
  } catch (error) {
    if (process.env.MONEY_SHRINK === undefined) throw error;
    await tell(await shortest(steps));
    throw error;
  }
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

async function tell(steps: readonly Step[]): Promise<void> {
  world ??= await startMoneyWorld();
  const inside = world.crashes.steps;
  const people = {
    hosts: [await world.newPerson(), await world.newPerson()],
    guests: [await world.newPerson(), await world.newPerson()],
  };
  const story = await startStory(world, people);
  try {
    for (const one of [...BEGINNING, ...steps]) {
      await story.take(one);
      refuse(await world.faultsNow());
    }
    refuse([...(await story.rest()), ...world.breaches]);
  } catch (error) {
    await leave();
    throw new Error(`${(error as Error).message}\n${story.told.join('\n')}`);
  }
  counted.runs += 1;
  counted.steps += steps.length;
  counted.inside += world.crashes.steps - inside;
  counted.bookings += story.bookings.length;
}

test(
  'whatever happens, every minor unit is somebody’s',
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { ...STEPS, size: 'max' }), run), {
      numRuns: RUNS,
      seed: SEED,
      // Steps are left out by `shortest` instead, which needs far fewer runs.
      endOnFailure: true,
    });
    // Each of these is a moment at which a process could have died.
    expect(counted.inside).toBeGreaterThan(2_000);
  },
  TIMEOUT_MS,
);
