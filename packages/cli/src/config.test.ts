import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsFile, maskKey, profileName, readCredentials, writeCredentials } from './config.ts';

const profile = {
  url: 'http://localhost:4000',
  apiKey: 'sjn_test_4w8z1y6k3d9m2n7q5r0s8t2v',
  keyId: null,
  user: null,
};
const stored = { current: 'default', profiles: { default: profile } };

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sojourn-config-'));
  folder = join(root, 'sojourn');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the credentials file', () => {
  it('is nothing at first', () => expect(readCredentials(folder)).toEqual({ current: null, profiles: {} }));

  it('is readable by its owner alone, whatever the umask, and leaves no draft behind', () => {
    const umask = process.umask(0);
    try {
      writeCredentials(folder, stored);
    } finally {
      process.umask(umask);
    }
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(credentialsFile(folder))).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['config.json']);
    expect(readCredentials(folder)).toEqual(stored);
  });

  it('is replaced, not written through: a reader sees the old one or the new one', () => {
    writeCredentials(folder, stored);
    const before = lstatSync(credentialsFile(folder)).ino;
    writeCredentials(folder, { current: null, profiles: {} });
    expect(lstatSync(credentialsFile(folder)).ino).not.toBe(before);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is refused with mode %o', (mode) => {
    writeCredentials(folder, stored);
    chmodSync(credentialsFile(folder), mode);
    expect(() => readCredentials(folder)).toThrow(/open to other users of this machine \(mode 6\d\d\)/);
  });

  it('is refused in a folder where others can put a file of their own', () => {
    writeCredentials(folder, stored);
    chmodSync(folder, 0o777);
    expect(() => readCredentials(folder)).toThrow(/mode 777/);
  });

  it.runIf(process.getuid?.() === 0)('is refused when it belongs to somebody else', () => {
    writeCredentials(folder, stored);
    chownSync(credentialsFile(folder), 12_345, 12_345);
    expect(() => readCredentials(folder)).toThrow(/belongs to another user \(uid 12345\)/);
  });

  it.each(['', '{', '[]', 'null', '{"profiles":{"a":{"url":1}}}', '{"profiles":[]}'])(
    'is refused when it holds %j',
    (text) => {
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(credentialsFile(folder), text, { mode: 0o600 });
      expect(() => readCredentials(folder)).toThrow(/config\.json/);
    },
  );

  it('forgets a profile in use that is not there', () => {
    writeCredentials(folder, { ...stored, current: 'toString' });
    expect(readCredentials(folder).current).toBeNull();
  });
});

it('names profiles with what is safe to print and to type', () => {
  expect(profileName('stays.example-1')).toBe('stays.example-1');
  for (const name of ['', '__proto__', '-x', 'a b', 'a\u001b[31m', '../x', 'x'.repeat(65)])
    expect(() => profileName(name)).toThrow();
});

it('shows only the head of a key', () => {
  expect(maskKey('sjn_live_4w8z1y6k3d9m2n7q5r0s8t2v')).toBe('sjn_live_4w8z…');
  expect(maskKey('sjn_test_short')).toBe('sjn_test_…');
  expect(maskKey('something')).toBe('…');
});
