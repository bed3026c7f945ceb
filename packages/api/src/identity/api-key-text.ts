import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Mode } from '../platform/config.ts';
import { randomText } from '../platform/id.ts';

// `sjn_test_` or `sjn_live_`, 160 random bits, and a checksum of all that: secret scanners can tell a key from noise,
// and a mistyped one, or one of the other mode, is refused without asking the database.
const HEADS: Record<Mode, string> = { sandbox: 'sjn_test_', live: 'sjn_live_' };
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const SHOWN_LENGTH = 12;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = BASE62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

export function newApiKeyText(mode: Mode): string {
  const body = HEADS[mode] + randomText(RANDOM_LENGTH);
  return body + checksumOf(body);
}

/** Whether a credential claims to be an API key at all. */
export const looksLikeApiKey = (credential: string) => credential.startsWith('sjn_');

/** Whether this can be a key of this mode: its form and its checksum are right. */
export function isApiKeyText(text: string, mode: Mode): boolean {
  const head = HEADS[mode];
  if (text.length !== head.length + RANDOM_LENGTH + CHECKSUM_LENGTH || !text.startsWith(head)) return false;
  return checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** All that is stored of a key. A fast hash is enough for 160 random bits. */
export const hashOfApiKey = (text: string) => createHash('sha256').update(text).digest();

/** The part of a key that may be shown. */
export const shownPrefix = (text: string) => text.slice(0, SHOWN_LENGTH);
