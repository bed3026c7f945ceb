import { dictionary } from '@zxcvbn-ts/language-common';
import type { FieldError } from '../platform/problem.ts';
import { invalidRequest } from '../platform/problems.ts';

/** In characters, as a person counts them: Unicode code points after normalisation. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

/** The form that is counted, compared and hashed, so that every keyboard gives the same password (NIST SP 800-63B §3.1.1.2). */
export const normalisePassword = (password: string) => password.normalize('NFKC');

const known = new Set(dictionary['passwords-common']?.filter((word) => word.length >= PASSWORD_MIN));

/** Whose password it is to be. */
export interface PasswordOwner {
  email: string;
  displayName: string;
}

/**
 * What is wrong with a new password, in words; undefined when it will do. After NIST SP 800-63B §3.1.1.2: length, a list of
 * passwords that are known from breaches, and words of the context. No rules of composition.
 */
export function passwordWeakness(password: string, owner: PasswordOwner): string | undefined {
  if (!password.isWellFormed()) return 'must be text';
  const normal = normalisePassword(password);
  const length = [...normal].length;
  if (length < PASSWORD_MIN) return `must have at least ${PASSWORD_MIN} characters`;
  if (length > PASSWORD_MAX) return `must have at most ${PASSWORD_MAX} characters`;
  const lower = normal.toLowerCase();
  if (known.has(lower)) return 'is one of the passwords that are tried first: it is known from breaches';
  if (contextWords(owner).some((word) => leansOn(lower, word)))
    return 'is too close to your name, your email address or the name of this service';
  return undefined;
}

/** A password leans on a word when what else it holds would be too short to stand alone. */
const leansOn = (password: string, word: string) =>
  password.includes(word) && [...password.replaceAll(word, '')].length < PASSWORD_MIN;

function contextWords({ email, displayName }: PasswordOwner): string[] {
  const name = normalisePassword(displayName).toLowerCase();
  const words = [
    'sojourn',
    email.toLowerCase(),
    email.slice(0, email.lastIndexOf('@')).toLowerCase(),
    name,
    name.replaceAll(' ', ''),
  ];
  // A word of two letters is in half of all good passwords.
  return words.filter((word) => word.length > 2);
}

/** Refuses a weak password as an invalid value of the request. */
export function assertStrongPassword(password: string, owner: PasswordOwner): void {
  const message = passwordWeakness(password, owner);
  if (!message) return;
  const error: FieldError = { pointer: '/password', code: 'password_too_weak', message };
  throw invalidRequest({ detail: `/password: ${message}.`, errors: [error] });
}
