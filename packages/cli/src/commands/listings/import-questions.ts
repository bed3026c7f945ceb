import { access, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { CURRENCIES } from '@sojourn/shared/money';
import { CANCELLATION_POLICIES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import type { CommandContext } from '../../command-context.ts';
import { guessColumns } from '../../import/formats/guess.ts';
import type { Mapping } from '../../import/formats/mapping.ts';
import { choose } from '../../import/formats/text.ts';
import { type Inspected, inspectFile } from '../../import/inspect.ts';
import { askChoice, askText } from '../../prompts.ts';
import { words } from '../../render.ts';

type Answers = Pick<Mapping, 'columns' | 'constants' | 'values'> & Partial<Mapping>;

/** The columns that are asked about, with the question. The others are matched by name or left out. */
const QUESTIONS: readonly (readonly [column: string, question: string, required: boolean])[] = [
  ['externalId', 'Which column holds your own id of each listing?', true],
  ['title', 'Which holds the title?', true],
  ['description', 'The description?', false],
  ['capacity', 'How many guests fit?', false],
  ['basePrice', 'The price per night?', false],
  ['latitude', 'The latitude?', false],
  ['longitude', 'The longitude?', false],
  ['city', 'The city?', false],
];

/**
 * For a file whose columns show no known format: asks which column is which, saves the answers as a mapping file and
 * answers its path. Undefined when there is nothing to ask.
 */
export async function askMapping(ctx: CommandContext, file: string): Promise<string | undefined> {
  const inspected = await inspectFile({
    file,
    stdin: ctx.io.stdin,
    stateDir: ctx.env.stateDir,
    signal: ctx.signal,
  });
  if (inspected.format || inspected.columns.length === 0) return undefined;
  const path = mappingPath(file);
  const shown = relative(ctx.env.cwd, path) || path;
  if (await exists(path)) {
    ctx.io.say(`The columns are read as answered before, in ${shown}. Delete that file to be asked again.`);
    return path;
  }
  ctx.io.say(
    'The columns of this file are not known. A few questions, whose answers are kept for the next time:',
  );
  const answers: Answers = { columns: {}, constants: {}, values: {} };
  const guessed = guessColumns(inspected.columns);
  for (const [column, question, required] of QUESTIONS)
    await askColumn(ctx, inspected, answers, { column, question, required, guess: guessed[column] });
  await askRoomType(ctx, inspected, answers, guessed.roomType);
  if (answers.columns.basePrice && !guessed.currency) await askCurrency(ctx, answers);
  if (!guessed.cancellationPolicy)
    answers.constants.cancellationPolicy = await askChoice(
      ctx.io,
      'Which cancellation policy do all of them have?',
      choicesOf(CANCELLATION_POLICIES),
      ctx.signal,
    );
  const asked = new Set([...QUESTIONS.map(([column]) => column), 'roomType']);
  const used = new Set(Object.values(answers.columns));
  for (const [ours, theirs] of Object.entries(guessed))
    if (!asked.has(ours) && !used.has(theirs)) answers.columns[ours] = theirs;
  noticeMarks(inspected, answers);
  await writeFile(path, `${JSON.stringify(answers, null, 2)}\n`);
  ctx.io.success(`Saved as ${shown}. Next time: --map ${shown}`);
  return path;
}

const mappingPath = (file: string) =>
  resolve(`${file.replace(/\.gz$/i, '').replace(/\.(csv|tsv|txt|jsonl|ndjson|json)$/i, '')}.mapping.json`);

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const choicesOf = (values: readonly string[]) => values.map((value) => ({ value, name: words(value) }));

interface Question {
  column: string;
  question: string;
  required: boolean;
  guess: string | undefined;
}

async function askColumn(
  { io, signal }: CommandContext,
  { columns, samples }: Inspected,
  answers: Answers,
  { column, question, required, guess }: Question,
): Promise<void> {
  // What seems right comes first, so that Enter takes it.
  const ordered = guess === undefined ? columns : [guess, ...columns.filter((name) => name !== guess)];
  const choices = ordered.map((name) => ({
    value: name,
    name: samples(name).length > 0 ? `${name}   (${samples(name)[0]!.slice(0, 40)})` : name,
  }));
  const none = { value: '', name: '– none of them –' };
  const all = required ? choices : guess === undefined ? [none, ...choices] : [...choices, none];
  const chosen = await askChoice(io, question, all, signal);
  if (chosen) answers.columns[column] = chosen;
}

/** How the file writes amounts and lists shows in its cells. */
function noticeMarks({ samples }: Inspected, answers: Answers): void {
  const cells = (...ours: string[]) => ours.flatMap((name) => samples(answers.columns[name] ?? ''));
  const amounts = cells('basePrice', 'weekendPrice', 'cleaningFee');
  if (
    amounts.some((cell) => /,\d{1,2}\D*$/.test(cell)) &&
    !amounts.some((cell) => /\.\d{1,2}\D*$/.test(cell))
  )
    answers.decimalMark = ',';
  const lists = cells('amenities', 'tags', 'photos').join('');
  const separator = [',', ';'].find((mark) => lists.includes(mark));
  if (separator && !lists.includes('|')) answers.listSeparator = separator;
}

/** What the file calls a kind of room is told once for each of its words. */
async function askRoomType(
  ctx: CommandContext,
  inspected: Inspected,
  answers: Answers,
  guess: string | undefined,
): Promise<void> {
  const { io, signal } = ctx;
  await askColumn(ctx, inspected, answers, {
    column: 'roomType',
    question: 'The kind of room (entire place, private room, …)?',
    required: false,
    guess,
  });
  const column = answers.columns.roomType;
  if (!column) {
    answers.constants.roomType = await askChoice(
      io,
      'What do guests get, in all of them?',
      choicesOf(ROOM_TYPES),
      signal,
    );
    return;
  }
  for (const word of inspected.words(column) ?? []) {
    if (choose(ROOM_TYPES, word)) continue;
    answers.values.roomType ??= {};
    answers.values.roomType[word] = await askChoice(io, `What is "${word}"?`, choicesOf(ROOM_TYPES), signal);
  }
}

async function askCurrency({ io, signal }: CommandContext, answers: Answers): Promise<void> {
  for (;;) {
    const code = (await askText(io, 'In which currency are the prices? (such as USD)', signal))
      .trim()
      .toUpperCase();
    if (choose(CURRENCIES, code)) {
      answers.constants.currency = code;
      return;
    }
    io.warn(`${code} is not a currency that is known here.`);
  }
}
