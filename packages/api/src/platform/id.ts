import { randomBytes, randomFillSync } from 'node:crypto';

// TypeID (https://github.com/jetify-com/typeid): `prefix_` and the UUID in Crockford's base32, lower case.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

export type Prefix =
  | 'usr'
  | 'key'
  | 'ses'
  | 'lst'
  | 'pho'
  | 'evt'
  | 'job'
  | 'ntf'
  | 'eml'
  | 'whk'
  | 'dlv'
  | 'qte'
  | 'bkg'
  | 'alt'
  | 'pay'
  | 'rfd'
  | 'dsp'
  | 'pyo'
  | 'run'
  | 'mkt'
  | 'feed'
  | 'blk'
  | 'sea'
  | 'fee'
  | 'pol'
  | 'tax';

/** A UUIDv7 in the database as its outside form: `lst_01j…`. */
export function publicId(prefix: Prefix, uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let suffix = '';
  for (let i = 0; i < 26; i++) {
    suffix = ALPHABET[Number(value & 31n)] + suffix;
    value >>= 5n;
  }
  return `${prefix}_${suffix}`;
}

/** The UUID behind an outside id. Undefined when it is none, or one of another kind: then such a thing does not exist. */
export function uuidOf(prefix: Prefix, id: string): string | undefined {
  if (!id.startsWith(`${prefix}_`)) return undefined;
  const suffix = id.slice(prefix.length + 1);
  if (!SUFFIX.test(suffix)) return undefined;
  let value = 0n;
  for (const char of suffix) value = (value << 5n) | BigInt(ALPHABET.indexOf(char));
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A new UUIDv7 (RFC 9562): ordered by time, so that rows land side by side in their index. */
export function newUuid(now: Date): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Random characters of the id alphabet: `length` × 5 bits. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte & 31]).join('');
}
