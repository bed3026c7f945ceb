import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, KEY, makeHome } from './run.ts';
import { problem, type Stub, startStub } from './stub-server.ts';

const USER = { id: 'usr_1', email: 'host@example.com', displayName: 'Demo Host' };
const OTHER_KEY = 'sjn_test_9z9z9z9z3d9m2n7q5r0s8t2v6x4c1b9h0aZk3Q';

let home: Home;
let stub: Stub;
beforeEach(async () => {
  home = makeHome();
  stub = await startStub();
  stub.on('GET /v1/me', ({ headers }) =>
    headers.authorization?.startsWith('Bearer sjn_test_')
      ? { body: USER }
      : problem(401, 'invalid_credentials', 'The API key is unknown.'),
  );
});
afterEach(async () => {
  await stub.close();
  home.remove();
});

const stored = () => JSON.parse(readFileSync(home.configFile, 'utf8'));

describe('login with an API key', () => {
  it('reads it from stdin, checks it, and keeps it to its owner', async () => {
    const { code, stdout, stderr } = await home.run(['login', '--url', stub.url, '--api-key', '-'], {
      stdin: `${KEY}\n`,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(`Logged in to ${stub.url} as Demo Host (profile default).`);
    expect(stderr).toContain('sojourn listings list');
    expect(stderr).not.toContain(KEY);
    expect(statSync(home.configFile).mode & 0o777).toBe(0o600);
    expect(stored().profiles.default).toEqual({ url: stub.url, apiKey: KEY, keyId: null, user: USER });
  });

  it.each([['--api-key', KEY], [`--api-key=${KEY}`]])(
    'refuses it on the command line, and does not repeat it: %s',
    async (...args) => {
      const { code, stdout, stderr } = await home.run(['login', '--url', stub.url, ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/--api-key takes only -/);
      expect(stderr).toMatch(/SOJOURN_API_KEY/);
      expect(stderr).not.toContain(KEY);
      expect(stub.received).toEqual([]);
    },
  );

  it('refuses a key wherever else it was typed, and does not repeat it', async () => {
    for (const args of [['login', KEY], [KEY], ['login', '--profile', KEY, '--frob']]) {
      const { code, stderr } = await home.run(args);
      expect(code).toBe(2);
      expect(stderr).not.toContain(KEY);
    }
  });

  it('stores nothing that the server does not accept', async () => {
    stub.on('GET /v1/me', problem(401, 'invalid_credentials', 'The API key is unknown.'));
    const { code, stderr } = await home.run(['login', '--url', stub.url, '--api-key', '-'], { stdin: KEY });
    expect(code).toBe(4);
    expect(stderr).toContain('does not accept the key sjn_test_4w8z…');
    expect(existsSync(home.configFile)).toBe(false);
  });

  it('refuses what is no key before it is sent anywhere', async () => {
    for (const stdin of ['', 'hunter2', `${KEY}\n${KEY}`, `${KEY}\u001b[31m`]) {
      const { code } = await home.run(['login', '--url', stub.url, '--api-key', '-'], { stdin });
      expect(code).toBe(2);
    }
    expect(stub.received).toEqual([]);
  });

  it('keeps a key that may not read its profile', async () => {
    stub.on('GET /v1/me', problem(403, 'insufficient_scope', 'The key lacks profile:read.'));
    expect((await home.run(['login', '--url', stub.url, '--api-key', '-'], { stdin: KEY })).code).toBe(0);
    expect(stored().profiles.default.user).toBeNull();
  });
});

describe('login with a password', () => {
  beforeEach(() => {
    stub.on('POST /v1/auth/login', ({ body }) =>
      (body as { password: string }).password === 'harbour-lantern-42'
        ? { body: { user: USER, accessToken: 'access.token.1', refreshToken: 'rt_1', expiresIn: 900 } }
        : problem(401, 'invalid_login', 'The address or the password is wrong.'),
    );
    stub.on('POST /v1/api-keys', ({ headers, body }) =>
      headers.authorization === 'Bearer access.token.1'
        ? { status: 201, body: { id: 'key_1', ...(body as object), key: OTHER_KEY } }
        : { status: 500 },
    );
    stub.on('POST /v1/auth/logout', { status: 204 });
  });

  it('exchanges it for a key of its own, ends the session and forgets both', async () => {
    const { code } = await home.run(['login', '--url', stub.url, '--email', USER.email, '--password', '-'], {
      stdin: 'harbour-lantern-42\n',
    });
    expect(code).toBe(0);
    expect(stored().profiles.default).toMatchObject({ apiKey: OTHER_KEY, keyId: 'key_1' });
    const made = stub.received.find(({ path }) => path === '/v1/api-keys');
    expect(made?.body).toMatchObject({
      name: expect.stringMatching(/^sojourn CLI on /),
      scopes: [
        'listings:read',
        'listings:write',
        'calendar:read',
        'calendar:write',
        'bookings:read',
        'bookings:write',
        'payouts:read',
        'payouts:write',
        'profile:read',
        'notifications:read',
        'notifications:write',
        'events:read',
        'webhooks:read',
        'webhooks:write',
      ],
    });
    expect(stub.received.some(({ path }) => path === '/v1/auth/logout')).toBe(true);
    expect(readFileSync(home.configFile, 'utf8')).not.toMatch(/harbour|access\.token|rt_1/);
  });

  it('says so when it is wrong', async () => {
    const { code, stderr } = await home.run(
      ['login', '--url', stub.url, '--email', USER.email, '--password', '-'],
      { stdin: 'wrong' },
    );
    expect(code).toBe(4);
    expect(stderr).toContain('The address or the password is wrong (invalid_login, request req_stub)');
    expect(stderr).not.toContain('wrong\n');
  });

  it('asks nobody where nobody is, and names the flag instead', async () => {
    const { code, stderr } = await home.run(['login', '--url', stub.url, '--email', USER.email]);
    expect(code).toBe(2);
    expect(stderr).toContain('--password -');
    expect((await home.run(['login', '--url', stub.url])).stderr).toContain(
      'sojourn login --api-key - < FILE',
    );
  });

  it('revokes its key at logout, and never one that was brought along', async () => {
    stub.on('DELETE /v1/api-keys/key_1', { status: 204 });
    await home.run(['login', '--url', stub.url, '--email', USER.email, '--password', '-'], {
      stdin: 'harbour-lantern-42',
    });
    const { code, stdout } = await home.run(['logout', '--json']);
    expect({ code, answer: JSON.parse(stdout) }).toEqual({
      code: 0,
      answer: { profile: 'default', url: stub.url, revoked: true },
    });
    expect(stored()).toEqual({ current: null, profiles: {} });
    expect(stub.received.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/api-keys/key_1' });

    await home.run(['login', '--url', stub.url, '--api-key', '-'], { stdin: KEY });
    const before = stub.received.length;
    await home.run(['logout']);
    expect(stub.received.length).toBe(before);
  });

  it('forgets the key even when the server is gone', async () => {
    home.loggedIn('http://127.0.0.1:1', { keyId: 'key_1' });
    const { code, stderr } = await home.run(['logout']);
    expect(code).toBe(0);
    expect(stderr).toContain('key_1 is still valid');
    expect(stored().profiles).toEqual({});
  });
});

describe('login --dev', () => {
  const writeDev = (folder: string) => {
    mkdirSync(folder, { recursive: true });
    const credentials = { url: stub.url, host: { apiKey: KEY }, admin: { apiKey: OTHER_KEY } };
    writeFileSync(join(folder, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
  };

  it('finds what `npm start` wrote, from any folder of the checkout', async () => {
    writeDev(join(home.home, 'work', '.sojourn'));
    mkdirSync(join(home.home, 'work', 'packages', 'cli'), { recursive: true });
    const { code, stderr } = await home.run(['login', '--dev'], {
      cwd: join(home.home, 'work', 'packages', 'cli'),
    });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('as Demo Host') });
    expect(stored().profiles.default.apiKey).toBe(KEY);
  });

  it('does not look beyond the root of the checkout', async () => {
    writeDev(join(home.home, '.sojourn'));
    mkdirSync(join(home.home, 'work', '.git'), { recursive: true });
    const { code, stderr } = await home.run(['login', '--dev'], { cwd: join(home.home, 'work') });
    expect(code).toBe(1);
    expect(stderr).toContain('npm start');
  });

  it('looks in SOJOURN_DATA_DIR instead when that is set, and logs in as admin when asked to', async () => {
    writeDev(join(home.home, 'data'));
    const { code } = await home.run(['login', '--dev', '--as', 'admin'], {
      env: { SOJOURN_DATA_DIR: join(home.home, 'data') },
    });
    expect(code).toBe(0);
    expect(stored().profiles.default.apiKey).toBe(OTHER_KEY);
  });
});

describe('profiles', () => {
  it('keep servers apart, by name', async () => {
    home.loggedIn('http://127.0.0.1:1');
    await home.run(['login', '--url', stub.url, '--api-key', '-'], { stdin: KEY });
    const name = new URL(stub.url).host.replace(':', '-');
    const list = async () => JSON.parse((await home.run(['profiles', '--json'])).stdout);
    expect(await list()).toMatchObject([
      { name: 'default', current: false },
      { name, current: true, key: 'sjn_test_4w8z…' },
    ]);
    expect((await home.run(['profiles', 'use', 'default'])).code).toBe(0);
    expect(await list()).toMatchObject([{ current: true }, { current: false }]);
    expect((await home.run(['whoami', '--profile', name])).stdout).toContain('Demo Host');
    expect((await home.run(['profiles', 'remove', name])).code).toBe(2);
    expect((await home.run(['profiles', 'remove', name, '--yes'])).code).toBe(0);
    expect(await list()).toHaveLength(1);
  });

  it('suggest a command for a word that is none', async () => {
    const { code, stderr } = await home.run(['profiles', 'usse', 'x']);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Unknown command 'usse'"),
    });
  });
});

describe('the stored key', () => {
  it('is not used when others can read the file', async () => {
    home.loggedIn(stub.url);
    chmodSync(home.configFile, 0o644);
    const { code, stderr } = await home.run(['whoami']);
    expect(code).toBe(1);
    expect(stderr).toContain(`chmod 600 ${home.configFile}`);
    expect(stub.received).toEqual([]);
  });

  it('is not sent where SOJOURN_URL points', async () => {
    home.loggedIn('https://stays.example.com');
    const { code, stderr } = await home.run(['whoami'], { env: { SOJOURN_URL: stub.url } });
    expect(code).toBe(4);
    expect(stderr).toContain('not logged in');
    expect(stub.received).toEqual([]);
  });

  it('is shown by its head alone', async () => {
    home.loggedIn(stub.url);
    for (const args of [['whoami'], ['whoami', '--json'], ['profiles'], ['profiles', '--json']]) {
      const { stdout, stderr } = await home.run(args);
      expect(stdout + stderr).toContain('sjn_test_4w8z…');
      expect(stdout + stderr).not.toContain(KEY.slice(0, 16));
    }
  });

  it('leads to a new login when the server no longer takes it', async () => {
    home.loggedIn(stub.url);
    stub.on('GET /v1/me', problem(401, 'invalid_credentials', 'The API key is unknown.'));
    const { code, stderr } = await home.run(['whoami']);
    expect(code).toBe(4);
    expect(stderr).toContain('sojourn login');
  });
});
