import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCredentials } from './config.ts';
import { resolveConnection, serverUrl } from './connection.ts';
import { readEnvironment } from './environment.ts';

const at = (url: string, apiKey: string) => ({ url, apiKey, keyId: null, user: null });
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sojourn-connection-'));
  writeCredentials(join(root, 'sojourn'), {
    current: 'home',
    profiles: {
      home: at('http://localhost:4000', 'key-home'),
      work: at('https://stays.example.com', 'key-work'),
    },
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const resolve = (env: Record<string, string> = {}, profile?: string) =>
  resolveConnection(readEnvironment({ XDG_CONFIG_HOME: root, ...env }, root), profile);

describe('where to and as whom', () => {
  it('is the profile in use', () =>
    expect(resolve()).toEqual({ url: 'http://localhost:4000', apiKey: 'key-home', profile: 'home' }));
  it('is the profile named', () => {
    expect(resolve({}, 'work').apiKey).toBe('key-work');
    expect(resolve({ SOJOURN_PROFILE: 'work' }).apiKey).toBe('key-work');
    expect(resolve({ SOJOURN_PROFILE: 'work' }, 'home').apiKey).toBe('key-home');
  });
  it('is the environment before any profile', () => {
    const env = { SOJOURN_API_KEY: 'key-env', SOJOURN_URL: 'https://other.example.com/' };
    expect(resolve(env)).toEqual({ url: 'https://other.example.com', apiKey: 'key-env', profile: undefined });
    expect(resolve({ SOJOURN_API_KEY: 'key-env' }).url).toBe('http://localhost:4000');
    expect(resolve({ ...env, SOJOURN_PROFILE: 'work' }).apiKey).toBe('key-env');
  });
  it('is the profile named on the command line before the environment', () =>
    expect(resolve({ SOJOURN_API_KEY: 'key-env' }, 'work')).toEqual({
      url: 'https://stays.example.com',
      apiKey: 'key-work',
      profile: 'work',
    }));

  it('picks the profile that was made for SOJOURN_URL', () =>
    expect(resolve({ SOJOURN_URL: 'https://stays.example.com/' })).toMatchObject({
      profile: 'work',
      apiKey: 'key-work',
    }));
  it('never sends a stored key anywhere but to its own server', () => {
    expect(() => resolve({ SOJOURN_URL: 'https://evil.example.com' })).toThrow(
      /not logged in to https:\/\/evil/,
    );
    expect(() => resolve({ SOJOURN_URL: 'https://evil.example.com' }, 'work')).toThrow(
      /its key is not sent there/,
    );
  });
  it('wants a login when there is nobody', () => {
    expect(() => resolve({ XDG_CONFIG_HOME: '/nonexistent' })).toThrow(
      expect.objectContaining({ exitCode: 4 }),
    );
    expect(() => resolve({}, 'nobody')).toThrow(
      expect.objectContaining({ exitCode: 4, message: 'There is no profile called nobody.' }),
    );
    expect(() => resolve({}, '__proto__')).toThrow(/no profile/);
  });
});

describe('a URL', () => {
  it('has one spelling', () => {
    expect(serverUrl('HTTPS://Stays.Example.com:443/base//', '--url')).toBe('https://stays.example.com/base');
  });
  it.each(['stays', 'ftp://x', 'https://user:secret@x', 'https://x?key=1', 'javascript:alert(1)', ''])(
    'is refused: %j',
    (text) => {
      expect(() => serverUrl(text, '--url')).toThrow(expect.objectContaining({ exitCode: 2 }));
    },
  );
});

describe('the environment', () => {
  it('follows the XDG folders, unless they are relative', () => {
    expect(readEnvironment({ HOME: '/h' }, '/').configDir).toBe('/h/.config/sojourn');
    expect(readEnvironment({ HOME: '/h', XDG_CONFIG_HOME: 'here' }, '/').configDir).toBe(
      '/h/.config/sojourn',
    );
    expect(readEnvironment({ HOME: '/h', XDG_STATE_HOME: '/s' }, '/').stateDir).toBe('/s/sojourn');
  });
  it('takes NO_COLOR before FORCE_COLOR, and empty variables for absent ones', () => {
    const colour = (env: Record<string, string>) => readEnvironment(env, '/').colour;
    expect(colour({})).toBe('auto');
    expect(colour({ NO_COLOR: '' })).toBe('auto');
    expect(colour({ NO_COLOR: '1', FORCE_COLOR: '1' })).toBe('never');
    expect(colour({ FORCE_COLOR: '1' })).toBe('always');
    expect(colour({ FORCE_COLOR: '0' })).toBe('never');
    expect(colour({ TERM: 'dumb' })).toBe('never');
  });
});
