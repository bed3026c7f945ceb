import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { type Io, openIo } from '../src/io.ts';
import { buildProgram } from '../src/program.ts';
import { widthOf } from '../src/render.ts';

const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const examples = (source: string) =>
  [...source.replaceAll(/\\\n\s*/g, '').matchAll(/^\s*\$ (sojourn .*)$/gm)].map((match) => match[1]!);

/** The words that a shell makes of a line, up to its first pipe or redirection. */
function wordsOf(line: string): string[] {
  const command = line.replace(/ (?:[|<>]) .*$/, '');
  const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(1, -1);
}

/** Understands a command line as the CLI does, without running it. */
async function parse(words: string[]): Promise<boolean> {
  let started = false;
  const understanding = buildProgram(io, () => async () => {
    started = true;
  });
  await understanding.parseAsync(words, { from: 'user' });
  return started;
}

const helpTexts: string[] = [];
const io: Io = {
  ...openIo(process, { colour: 'never', quiet: true }),
  columns: 80,
  print: (help) => void helpTexts.push(help),
};
const everyCommand = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(everyCommand),
];
const program = buildProgram(io, () => async () => {});
for (const command of everyCommand(program)) command.outputHelp();

const SOURCES = {
  'docs/guides/cli.md': text('../../../docs/guides/cli.md'),
  'docs/guides/operations.md': text('../../../docs/guides/operations.md'),
  'docs/guides/events.md': text('../../../docs/guides/events.md'),
  'docs/guides/payments.md': text('../../../docs/guides/payments.md'),
  'docs/guides/payouts.md': text('../../../docs/guides/payouts.md'),
  'docs/guides/sandbox.md': text('../../../docs/guides/sandbox.md'),
  'docs/guides/mail.md': text('../../../docs/guides/mail.md'),
  'packages/cli/README.md': text('../README.md'),
  'the help texts': helpTexts.join('\n'),
};

describe.each(Object.entries(SOURCES))('the examples of %s', (_name, source) => {
  const lines = [...new Set(examples(source))].filter((line) => !line.includes('--help'));
  it('are there', () => expect(lines.length).toBeGreaterThan(2));
  it.each(lines)('%s', async (line) => {
    expect(await parse(wordsOf(line))).toBe(true);
  });
});

it('helps in 80 columns', () => {
  expect(helpTexts.length).toBeGreaterThan(20);
  for (const line of helpTexts.join('\n').split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
});

it('shows the calendar in the guide as it is drawn', () => {
  expect(SOURCES['docs/guides/cli.md']).toContain(text('./calendar/two-months.txt'));
});

it('names every command in the guide', () => {
  for (const command of program.commands.filter((one) => !one.name().startsWith('__')))
    expect(SOURCES['docs/guides/cli.md']).toContain(`$ sojourn ${command.name()}`);
  for (const group of ['listings', 'calendar', 'bookings', 'payouts', 'events', 'webhooks'])
    for (const verb of program.commands.find((command) => command.name() === group)!.commands)
      if (verb.name() !== 'archive')
        expect(SOURCES['docs/guides/cli.md']).toContain(`$ sojourn ${group} ${verb.name()}`);
});
