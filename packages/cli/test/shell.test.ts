import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../src/render.ts';
import { stay } from './listings.ts';
import { BIN, type Home, makeHome } from './run.ts';
import { problem, type Stub, startStub } from './stub-server.ts';

let home: Home;
let stub: Stub;
beforeEach(async () => {
  home = makeHome();
  stub = await startStub();
  home.loggedIn(stub.url);
});
afterEach(async () => {
  await stub.close();
  home.remove();
});

type Shell = 'bash' | 'zsh' | 'fish';
const inShell = (shell: Shell, args: string[]) =>
  spawnSync(shell, args, { encoding: 'utf8', env: home.env() });
const has = (shell: Shell) => spawnSync('bash', ['-c', `command -v ${shell}`]).status === 0;

describe('the command line', () => {
  it.each([
    [['serach'], 'Did you mean search?'],
    [['listings', 'lst'], 'Did you mean list?'],
    [['search', '--nere', '1'], 'Did you mean --near?'],
    [['listings', 'import', '--dryrun', 'x'], 'Did you mean --dry-run?'],
    [['explain', 'rate_limitd'], 'Did you mean rate_limited?'],
  ])('%j: helps on, with exit code 2', async (args, hint) => {
    const { code, stdout, stderr } = await home.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(hint);
  });

  it.each([[[]], [['--help']], [['listings']], [['help', 'search']], [['search', '-h']], [['--version']]])(
    '%j: is help, on stdout, with exit code 0',
    async (args) => {
      const { code, stdout, stderr } = await home.run(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  it('helps in these very words', async () => {
    for (const args of [
      [],
      ['listings'],
      ['listings', 'import'],
      ['calendar'],
      ['calendar', 'price'],
      ['calendar', 'import'],
      ['search'],
      ['quote'],
      ['bookings'],
      ['bookings', 'cancel'],
      ['bookings', 'pay'],
      ['payouts'],
      ['payouts', 'statement'],
      ['admin', 'clock'],
      ['admin', 'maintenance', 'reconcile'],
      ['notifications'],
      ['events', 'tail'],
      ['listen'],
      ['webhooks'],
    ]) {
      const { stdout } = await home.run([...args, '--help']);
      await expect(stdout).toMatchFileSnapshot(`help/${args.join('-') || 'sojourn'}.txt`);
    }
  });

  it('never shows a stack trace, except to whoever asks for one', async () => {
    stub.on('GET /v1/me', { status: 200, text: 'not json' });
    const { code, stderr } = await home.run(['whoami']);
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await home.run(['whoami'], { env: { SOJOURN_DEBUG: '1' } })).stderr).toMatch(/^\s+at /m);
  });

  it('says who cannot be reached', async () => {
    await stub.close();
    for (const args of [['whoami'], ['api', 'GET', '/v1/me']]) {
      const { code, stderr } = await home.run(args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/ECONNREFUSED 127\.0\.0\.1:\d+[\s\S]*Is the server running/);
    }
  });

  it('needs a login for what talks to a server', async () => {
    const other = makeHome();
    for (const args of [['whoami'], ['search'], ['listings', 'list'], ['api', 'GET', '/v1/me']]) {
      const { code, stderr } = await other.run(args);
      expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('sojourn login') });
    }
    other.remove();
  });
});

describe('signals and pipes', () => {
  it('ends with 130 on Ctrl-C, in the middle of a request', async () => {
    let asked: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    stub.on('GET /v1/me', () => {
      asked();
      return { status: 503, headers: { 'retry-after': '30' }, text: '{}' };
    });
    const finished = await home.run(['whoami'], {
      whileRunning: (child) => void arrived.then(() => setTimeout(() => child.kill('SIGINT'), 200)),
    });
    expect(finished).toEqual({ code: 130, stdout: '', stderr: '✗ Interrupted.\n' });
  });

  it('ends quietly when the reader of the pipe has enough', async () => {
    stub.on('GET /v1/search', ({ query }) => ({
      body: {
        data: Array.from({ length: 100 }, () => stay()),
        nextCursor: `${Number(query.get('cursor') ?? 0) + 1}`,
        total: { count: 1000, capped: true },
      },
    }));
    const { code, stdout, stderr } = await home.shell(
      'sojourn search --all --json | head -n 1; echo "$PIPESTATUS"',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout.trimEnd().endsWith('\n0')).toBe(true);
  });
});

describe('api', () => {
  it('sends fields as JSON values, and as a query with GET', async () => {
    stub.on('PATCH /v1/listings/lst_1', ({ body }) => ({ body }));
    const { code, stdout } = await home.run([
      'api',
      'patch',
      '/v1/listings/lst_1',
      '-F',
      'minNights=3',
      '-F',
      'petFee=null',
      '-F',
      'externalId=1279846646046615122',
      '-F',
      'title=a=b',
      '-f',
      'description=7',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      minNights: 3,
      petFee: null,
      externalId: '1279846646046615122',
      title: 'a=b',
      description: '7',
    });
    stub.on('GET /v1/search', { body: {} });
    await home.run(['api', 'GET', '/v1/search?place=Rome', '-F', 'guests=2']);
    expect(Object.fromEntries(stub.received.at(-1)!.query)).toEqual({ place: 'Rome', guests: '2' });
  });

  it('prints what the server says of a failure, and says so by its exit code', async () => {
    stub.on('GET /v1/x', problem(404, 'route_not_found', 'There is nothing at this path.'));
    const { code, stdout, stderr } = await home.run(['api', 'GET', '/v1/x', '-i']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^HTTP 404 Not Found\n[\s\S]*content-type: application\/problem\+json[\s\S]*\n\n\{/,
    );
    stub.on('GET /v1/x', problem(401, 'invalid_credentials', 'No.'));
    expect((await home.run(['api', 'GET', '/v1/x'])).code).toBe(4);
  });

  it('sends a body from a file or stdin as it stands', async () => {
    stub.on('POST /v1/listings', ({ body }) => ({ status: 201, body }));
    const { stdout } = await home.run(['api', 'POST', '/v1/listings', '--input', '-'], {
      stdin: '{"title":"x"}',
    });
    expect(JSON.parse(stdout)).toEqual({ title: 'x' });
  });

  it('follows a list with --paginate, one item a line', async () => {
    stub.on('GET /v1/listings', ({ query }) => ({
      body: query.has('cursor')
        ? { data: [{ n: 3 }], nextCursor: null }
        : { data: [{ n: 1 }, { n: 2 }], nextCursor: 'a b&c' },
    }));
    const { stdout } = await home.run(['api', 'GET', '/v1/listings', '--paginate', '-F', 'status=draft']);
    expect(stdout).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
    expect(Object.fromEntries(stub.received.at(-1)!.query)).toEqual({ status: 'draft', cursor: 'a b&c' });
  });

  it.each([
    '//evil.example.com/v1/me',
    'https://evil.example.com/v1/me',
    '/\\evil.example.com',
    'v1/me',
    '@evil.example.com/',
  ])('sends the key nowhere else: %s', async (path) => {
    const { code } = await home.run(['api', 'GET', path]);
    expect(code).toBe(2);
    expect(stub.received).toEqual([]);
  });

  it('follows no redirect', async () => {
    stub.on('GET /v1/away', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, text: '' });
    expect((await home.run(['api', 'GET', '/v1/away', '-i'])).stdout).toContain('HTTP 302');
    expect(stub.received).toHaveLength(1);
  });

  it('takes no other Authorization header than the profile’s', async () => {
    expect((await home.run(['api', 'GET', '/v1/me', '-H', 'authorization: Bearer x'])).code).toBe(2);
  });
});

describe('explain', () => {
  it('works without a server, in the words of docs/errors', async () => {
    const { code, stdout } = await home.run(['explain', 'rate_limited']);
    expect(code).toBe(0);
    expect(stdout).toContain('Too many requests');
    expect(stdout).toContain('Retry-After');
    for (const line of stdout.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });
  it('lists all codes', async () => {
    const { stdout } = await home.run(['explain', '--json']);
    expect(JSON.parse(stdout)).toContainEqual({ code: 'rate_limited', title: 'Too many requests' });
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'] as const)('is good %s', async (shell) => {
    const script = (await home.run(['completion', shell])).stdout;
    const file = join(home.home, 'script');
    writeFileSync(file, script);
    if (has(shell)) expect(inShell(shell, ['-n', file])).toMatchObject({ status: 0, stderr: '' });
  });

  it('completes in bash', async () => {
    const script = (await home.run(['completion', 'bash'])).stdout;
    const complete = async (...words: string[]) => {
      const quoted = words.map((word) => `'${word}'`).join(' ');
      const { stdout } = await home.shell(
        `${script}\nCOMP_WORDS=(sojourn ${quoted}); COMP_CWORD=${words.length}; _sojourn; printf '%s\\n' "\${COMPREPLY[@]}"`,
      );
      return stdout.trim().split('\n');
    };
    expect(await complete('')).toEqual([
      'listings',
      'calendar',
      'search',
      'quote',
      'bookings',
      'payouts',
      'events',
      'listen',
      'trigger',
      'webhooks',
      'login',
      'logout',
      'whoami',
      'notifications',
      'profiles',
      'admin',
      'api',
      'explain',
      'completion',
    ]);
    expect(await complete('listings', 'p')).toEqual(['publish', 'pause']);
    expect(await complete('listings', 'list', '--sta')).toEqual(['--status']);
    expect(await complete('listings', 'list', '--status', 'p')).toEqual(['published', 'paused']);
    expect(await complete('listings', 'list', '--status', '=', 'dr')).toEqual(['draft']);
    expect(await complete('listings', 'list', '--status', '=')).toContain('draft');
    expect(await complete('listings', 'list', '--status=dr')).toEqual(['--status=draft']);
    expect(await complete('--profile', '')).toEqual(['default']);
    expect(await complete('profiles', 'use', '')).toEqual(['default']);
    expect(await complete('explain', 'rate')).toEqual(['rate_limited']);
    expect(await complete('--json', 'sea')).toEqual(['search']);
    expect(await complete('search', '--near', '1,2', '--so')).toEqual(['--sort']);
    expect(await complete('listings', 'import', '')).toEqual(['']);
  });

  it.runIf(has('fish'))('completes in fish (needs fish)', async () => {
    const script = (await home.run(['completion', 'fish'])).stdout;
    const stub = `function sojourn; '${process.execPath}' '${BIN}' $argv; end`;
    const run = inShell('fish', ['-c', `${stub}\n${script}\ncomplete -C 'sojourn listings p'`]);
    expect(run.stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['pause', 'publish', '']);
  });
});

describe('start-up', () => {
  const builtins = async (args: string[]) => {
    const tell =
      'data:text/javascript,process.on("exit",()=>process.stderr.write(process.moduleLoadList.join("\\n")))';
    return (
      await home.run(args, { env: { NODE_OPTIONS: `--import=${tell.replaceAll('"', "'")}` } })
    ).stderr.split('\n');
  };
  // Networking comes with the SDK, readline with the prompts, sqlite and zlib with the import.
  const HEAVY = ['http', 'tls', 'readline', 'sqlite', 'zlib', 'crypto'].map((name) => `NativeModule ${name}`);

  it('loads neither SDK nor prompts nor import for help and version', async () => {
    for (const args of [['--help'], ['--version'], ['listings', 'import', '--help'], ['listings', 'lst']]) {
      expect((await builtins(args)).filter((name) => HEAVY.includes(name))).toEqual([]);
    }
    expect((await builtins(['whoami'])).filter((name) => HEAVY.includes(name))).toContain('NativeModule tls');
  });

  // Processor time, because the machine may be busy with the other tests; `npm run bench` has the time on the clock.
  it('costs at most three times as much as Node itself', () => {
    const tell =
      'process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write(String.fromCharCode(10)+(user+system))})';
    const cost = (args: string[]) => {
      const { stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${tell}`, ...args], {
        encoding: 'utf8',
        env: home.env(),
      });
      return Number(stderr.split('\n').at(-1));
    };
    const rounds = Array.from({ length: 8 }, () => ({
      bare: cost(['-e', '0']),
      help: cost([BIN, '--help']),
      version: cost([BIN, '--version']),
    }));
    const best = (name: 'bare' | 'help' | 'version') => Math.min(...rounds.map((round) => round[name]));
    expect(best('help') / best('bare')).toBeLessThanOrEqual(3);
    expect(best('version') / best('bare')).toBeLessThanOrEqual(3);
  });
});
