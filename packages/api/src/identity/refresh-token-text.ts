import { createHash } from 'node:crypto';
import { randomText } from '../platform/id.ts';

// `rt_`, 120 random bits of the family and 160 of the secret. The family stays the same as long as the session lives,
// so that any token that ever belonged to it is known as such, without keeping them all.
const HEAD = 'rt_';
const FAMILY_LENGTH = 24;
const SECRET_LENGTH = 32;
const FORM = new RegExp(`^${HEAD}[0-9a-z]{${FAMILY_LENGTH + SECRET_LENGTH}}$`);

export interface RefreshToken {
  text: string;
  /** What is stored: of the family, and of the whole token. */
  familyHash: Buffer;
  tokenHash: Buffer;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

const tokenOf = (text: string): RefreshToken => ({
  text,
  familyHash: sha256(text.slice(0, HEAD.length + FAMILY_LENGTH)),
  tokenHash: sha256(text),
});

export const newRefreshToken = () => tokenOf(HEAD + randomText(FAMILY_LENGTH + SECRET_LENGTH));

/** The next token of the same family. */
export const successorOf = ({ text }: RefreshToken) =>
  tokenOf(text.slice(0, HEAD.length + FAMILY_LENGTH) + randomText(SECRET_LENGTH));

/** Undefined when the text cannot be a refresh token. */
export const readRefreshToken = (text: string) => (FORM.test(text) ? tokenOf(text) : undefined);
