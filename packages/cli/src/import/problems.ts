import type { z } from 'zod';
import { oneLine } from '../controls.ts';
import type { Format } from './formats/format.ts';
import type { RowIssue, RowProblem } from './model.ts';
import { nearest } from './nearest.ts';
import type { SourceRecord } from './source/record.ts';

type Issue = z.core.$ZodIssue;
type Words = Pick<RowProblem, 'rule' | 'message' | 'fix'>;

/** What the schema says against a row, in the words of its file: column, value, rule and how to mend it. */
export function problemsOf(issues: readonly Issue[], format: Format, record: SourceRecord): RowProblem[] {
  return issues.map((issue) => {
    const column = format.columnOf(issue.path);
    const value = format.valueOf(record, column);
    return { column, value, ...wordsFor(issue, value) };
  });
}

/** What the server says against a row. */
export function serverProblems(
  errors: readonly RowIssue[],
  format: Format,
  record: SourceRecord,
): RowProblem[] {
  return errors.map(({ pointer, code, message }) => {
    const path = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const column =
      path.length > 0
        ? format.columnOf(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)))
        : null;
    return {
      column,
      value: column === null ? null : format.valueOf(record, column),
      rule: code,
      message: sentence(message),
      fix: 'The server refused the row; correct it and import it again.',
    };
  });
}

function wordsFor(issue: Issue, value: string): Words {
  switch (issue.code) {
    case 'invalid_type':
      if (value === '') return required;
      return {
        rule: 'wrong_type',
        message: `must be ${article(issue.expected)}.`,
        fix: `Write ${article(issue.expected)} here.`,
      };
    case 'too_small':
      if (issue.origin === 'string' && value.trim() === '') return required;
      return {
        rule: 'too_small',
        message: `must be at least ${issue.minimum}.`,
        fix: `Write ${issue.minimum} or more.`,
      };
    case 'too_big':
      return tooBig(issue, value);
    case 'not_multiple_of':
      return {
        rule: 'not_multiple_of',
        message: `must be in steps of ${issue.divisor}.`,
        fix: `Round it to a multiple of ${issue.divisor}.`,
      };
    case 'invalid_value': {
      const possible = issue.values.map(String);
      if (value === '') return { ...required, fix: `Write one of: ${listed(possible)}.` };
      const meant = nearest(value, possible);
      const choice = `Possible are: ${listed(possible)}.`;
      return {
        rule: 'unknown_word',
        message: 'is not a word that is known here.',
        fix: meant ? `Did you mean "${meant}"? ${choice}` : choice,
      };
    }
    case 'unrecognized_keys':
      return {
        rule: 'unknown_field',
        message: `has fields that are not known here: ${listed(issue.keys)}.`,
        fix: 'Remove them.',
      };
    default:
      return {
        rule: issue.code === 'custom' ? 'not_allowed' : issue.code,
        message: sentence(issue.message),
        fix: 'Correct the value.',
      };
  }
}

function tooBig(issue: Extract<Issue, { code: 'too_big' }>, value: string): Words {
  const { origin, maximum } = issue;
  if (origin === 'string')
    return {
      rule: 'too_long',
      message: `has ${Array.from(value).length} characters, of ${maximum} at most.`,
      fix: `Shorten it to ${maximum} characters.`,
    };
  if (origin === 'array')
    return {
      rule: 'too_many',
      message: `has more than ${maximum} entries.`,
      fix: `Keep ${maximum} of them.`,
    };
  return { rule: 'too_big', message: `must be at most ${maximum}.`, fix: `Write ${maximum} or less.` };
}

const required: Words = { rule: 'required', message: 'is empty.', fix: 'Fill it in.' };

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};
const article = (type: string) => TYPES[type] ?? type;

const listed = (words: readonly string[]) =>
  words.length > 12 ? `${words.slice(0, 12).join(', ')}, …` : words.join(', ');

const sentence = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`);

/** A row's id appears twice: the first one counts, because the order of rows says nothing about which is newer. */
export const duplicateId = (column: string, value: string, firstLine: number): RowProblem => ({
  column,
  value,
  rule: 'duplicate_id',
  message: `stands already on line ${firstLine}.`,
  fix: 'Give each listing an id of its own, or remove one of the two rows.',
});

/** Without an id, importing the file again would add every listing again. */
export const missingId = (column: string): RowProblem => ({
  column,
  value: '',
  rule: 'required',
  message: 'is empty.',
  fix: 'Give the listing an id of your own: by it the next import finds the listing again.',
});

const MAX_SHOWN = 80;

/** A problem as it may be shown and stored: values cut short, nothing in them that could act on a terminal. */
export const presentable = (problem: RowProblem): RowProblem => ({
  ...problem,
  value: problem.value === null ? null : shownValue(problem.value),
});

export function shownValue(value: string): string {
  const shown = oneLine(value.slice(0, MAX_SHOWN * 4));
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN - 1).toWellFormed()}…` : shown;
}

/** One problem as one phrase: `basePrice "abc" is not an amount in USD. Write the amount as …`. */
export function phrase({ column, value, message, fix }: RowProblem): string {
  const about = [column, value ? `"${value}"` : null].filter(Boolean).join(' ');
  return `${about && `${about} `}${message} ${fix}`;
}
