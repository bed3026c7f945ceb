import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { PROPERTY_TYPES, ROOM_TYPES } from '@sojourn/shared/vocabulary';
import { readCredentials } from '../../config.ts';
import type { Environment } from '../../environment.ts';
import { problemPages } from '../../problem-pages.ts';

/** Tells the shell's script to offer the names of files. */
const FILES = ':files';

interface Candidate {
  value: string;
  description?: string;
}

/**
 * What may stand in the place of the last word (which may be empty), one candidate a line: the value, a tab, what it
 * means. Derived from the same declarations as the help.
 */
export function complete(program: CommandUnknownOpts, words: readonly string[], env: Environment): string[] {
  const { given, current } = lastWord(joinAssignments(words));
  const { command, pending, position } = follow(program, given);
  if (pending) return valuesOf(pending, pending.argChoices, env).filter(startsWith(current)).map(toLine);
  const [flag, value] = splitAssignment(current);
  const assigned =
    value === undefined ? undefined : optionsOf(command).find((option) => option.long === flag);
  if (assigned && value !== undefined)
    return valuesOf(assigned, assigned.argChoices, env)
      .map((candidate) =>
        candidate.value === FILES ? candidate : { ...candidate, value: `${flag}=${candidate.value}` },
      )
      .filter(startsWith(current))
      .map(toLine);
  if (current.startsWith('-')) return flagsOf(command).filter(startsWith(current)).map(toLine);
  return [...subcommandsOf(command, position), ...argumentValues(command, position, env)]
    .filter(startsWith(current))
    .map(toLine);
}

/** bash splits words at "=": `--status = dr` is what it makes of `--status=dr`, and `--status =` of `--status=`. */
const joinAssignments = (words: readonly string[]) =>
  words.flatMap((word, i) =>
    word !== '=' || !words[i - 1]?.startsWith('--') ? [word] : i === words.length - 1 ? [''] : [],
  );

const lastWord = (words: readonly string[]) => ({ given: words.slice(0, -1), current: words.at(-1) ?? '' });
const toLine = ({ value, description }: Candidate) => (description ? `${value}\t${description}` : value);
const startsWith =
  (current: string) =>
  ({ value }: Candidate) =>
    value === FILES || value.startsWith(current);
const splitAssignment = (word: string): [string, string | undefined] => {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
};

/** The command that the words lead to, the flag that waits for its value, and how many arguments came before. */
function follow(program: CommandUnknownOpts, words: readonly string[]) {
  let command = program;
  let pending: Option | undefined;
  let position = 0;
  for (const word of words) {
    if (pending) {
      pending = undefined;
    } else if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => long === word || short === word);
      if (option?.required) pending = option;
    } else {
      const next =
        position === 0 ? command.commands.find((candidate) => candidate.name() === word) : undefined;
      if (next) command = next;
      else position++;
    }
  }
  return { command, pending, position };
}

function optionsOf(command: CommandUnknownOpts): Option[] {
  return [...command.options, ...(command.parent ? optionsOf(command.parent) : [])];
}

const flagsOf = (command: CommandUnknownOpts): Candidate[] => [
  ...optionsOf(command)
    .filter(({ hidden, long }) => !hidden && long && (command.parent === null || long !== '--version'))
    .map(({ long, description }) => ({ value: long!, description })),
  { value: '--help', description: 'show help' },
];

const subcommandsOf = (command: CommandUnknownOpts, position: number): Candidate[] =>
  position > 0
    ? []
    : command.commands
        .filter((candidate) => !candidate.name().startsWith('__'))
        .map((candidate) => ({ value: candidate.name(), description: candidate.description() }));

function argumentValues(command: CommandUnknownOpts, position: number, env: Environment): Candidate[] {
  const argument =
    command.registeredArguments[position] ?? command.registeredArguments.findLast(({ variadic }) => variadic);
  return argument ? valuesOf({ flags: `<${argument.name()}>` }, argument.argChoices, env) : [];
}

/** What may be said there, by the choices declared or by the word between the angle brackets. */
function valuesOf(
  { flags }: { flags: string },
  choices: readonly string[] | undefined,
  { configDir }: Environment,
): Candidate[] {
  if (choices) return choices.map((value) => ({ value }));
  switch (/<([\w-]+)>/.exec(flags)?.[1]) {
    case 'file':
    case 'dir':
      return [{ value: FILES }];
    case 'profile':
      return Object.entries(readCredentials(configDir).profiles).map(([value, { url }]) => ({
        value,
        description: url,
      }));
    case 'code':
      return Object.keys(problemPages()).map((value) => ({ value }));
    case 'room-types':
      return ROOM_TYPES.map((value) => ({ value }));
    case 'property-types':
      return PROPERTY_TYPES.map((value) => ({ value }));
    case 'method':
      return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((value) => ({ value }));
    default:
      return [];
  }
}
