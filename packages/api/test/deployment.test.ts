import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, settingNames } from '../src/platform/config.ts';

// What can be checked of the files for Docker and CI where neither runs.

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string) => readFile(path.join(root, file), 'utf8');
const manifest = JSON.parse(await read('package.json'));

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  profiles?: string[];
}

const compose = parse(await read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const dockerfile = (await read('Dockerfile')).replaceAll(/\\\n/g, ' ').split('\n');
const instructions = (name: string) =>
  dockerfile
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1).split(/\s+/));

describe('docker-compose.yml', () => {
  test('has the server and everything that it works with', () => {
    expect(compose.services).toMatchObject({
      api: {},
      worker: {},
      migrate: {},
      postgres: {},
      redis: {},
      mailpit: {},
      stripe: {},
    });
    expect(compose.services.postgres?.image).toMatch(/^postgres:18/);
  });

  test.each(services)('%s names a version, a health check and what it waits for', (_, service) => {
    const { image, healthcheck, depends_on = {}, volumes = [] } = service;
    expect(image === 'sojourn' || /:v?\d/.test(image)).toBe(true);
    if (image !== 'sojourn') expect(healthcheck?.test?.[0]).toBe('CMD');
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const other = compose.services[name]!;
      expect(condition).toBe(
        other.command?.includes('dist/bin/migrate.js') ? 'service_completed_successfully' : 'service_healthy',
      );
      expect(other.healthcheck).toBeDefined();
    }
    for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0]!);
  });

  test('gives the server settings that exist, and programs that exist', async () => {
    const programs = (await readdir(path.join(root, 'packages/api/src/bin'))).map(
      (name) => `dist/bin/${path.parse(name).name}.js`,
    );
    for (const [, { image, environment = {}, command = [], profiles }] of services.filter(
      ([, { image }]) => image === 'sojourn',
    )) {
      expect(image).toBe('sojourn');
      const known = command.includes('dist/bin/stripe-emulator.js')
        ? await read('packages/api/src/bin/stripe-emulator.ts')
        : settingNames;
      for (const name of Object.keys(environment)) expect(known).toContain(name);
      if (!profiles)
        for (const word of command.filter((word) => word.startsWith('dist/')))
          expect(programs).toContain(word);
    }
  });
});

describe('the money of docker-compose.yml', () => {
  /** Settings as Compose hands them on, for an environment in which these variables are set. */
  const settingsOf = (name: string, variables: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries(compose.services[name]!.environment!).map(([key, value]) => [
        key,
        value.replaceAll(
          /\$\{(\w+)(:?-)([^}]*)\}/g,
          (_, variable: string, operator: string, fallback: string) => {
            const given = variables[variable];
            return given === undefined || (operator === ':-' && given === '') ? fallback : given;
          },
        ),
      ]),
    );

  test('is moved by the emulator, which server, worker and emulator agree on', () => {
    const server = readConfig(settingsOf('api'));
    expect(server.stripe).toEqual(readConfig(settingsOf('worker')).stripe);
    expect(server).toMatchObject({ mode: 'sandbox', stripe: { apiBase: 'http://stripe:4010' } });
    expect(settingsOf('stripe')).toMatchObject({
      STRIPE_SECRET_KEY: server.stripe!.secretKey,
      STRIPE_WEBHOOK_SECRET: server.stripe!.webhookSecret,
      STRIPE_EMULATOR_WEBHOOK_URL: `http://api:${server.port}/v1/stripe/webhook`,
    });
  });

  test('is moved by Stripe when its keys are given and no address is', () => {
    const keys = {
      STRIPE_SECRET_KEY: 'sk_test_own',
      STRIPE_WEBHOOK_SECRET: 'whsec_own',
      STRIPE_API_BASE: '',
    };
    expect(readConfig(settingsOf('api', keys))).toMatchObject({
      mode: 'sandbox',
      stripe: { secretKey: 'sk_test_own', webhookSecret: 'whsec_own', apiBase: undefined },
    });
  });
});

describe('the Dockerfile', () => {
  test('copies what exists, and what .dockerignore lets through', async () => {
    const ignore = (await read('.dockerignore')).split('\n');
    const copies = instructions('COPY').filter(([first]) => !first!.startsWith('--from='));
    expect(copies.length).toBeGreaterThan(0);
    for (const source of copies.flatMap((words) => words.slice(0, -1))) {
      await access(path.join(root, source));
      expect(ignore).toContain(`!${source}`);
    }
    expect(ignore).toEqual(expect.arrayContaining(['*', '**/node_modules', '**/.sojourn', '**/.env*']));
  });

  test('runs the pinned Node as an ordinary user, with a health check', () => {
    const images = instructions('FROM').map(([image]) => image);
    expect(new Set(images)).toEqual(new Set([`node:${manifest.devDependencies.node}-bookworm-slim`]));
    expect(instructions('USER')).toEqual([['node']]);
    expect(instructions('HEALTHCHECK').join(' ')).toContain('/readyz');
    expect(instructions('CMD').join(' ')).toContain('dist/bin/server.js');
  });
});

describe('continuous integration', () => {
  test('may only read, uses actions by commit, and runs .ci/run', async () => {
    const workflow = parse(await read('.github/workflows/ci.yml'));
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const { steps } = workflow.jobs.checks as { steps: { uses?: string; run?: string }[] };
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    expect(steps.at(-1)).toEqual({ run: '.ci/run' });
  });

  test('has a script that can be run', async () => {
    await access(path.join(root, '.ci/run'), constants.X_OK);
    await promisify(execFile)('bash', ['-n', path.join(root, '.ci/run')]);
  });
});
