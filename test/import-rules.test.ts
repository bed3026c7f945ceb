import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../.dependency-cruiser.mjs';

const API = 'packages/api/src';

/** For each rule, files that break it and nothing else: a rule that never failed proves nothing. */
const plants: Record<string, Record<string, string>> = {
  'no-circle': {
    [`${API}/listings/one.ts`]: "import type { Two } from './two.ts';\nexport type One = Two;",
    [`${API}/listings/two.ts`]: "import type { One } from './one.ts';\nexport type Two = One;",
  },
  'events-knows-no-higher-feature': {
    [`${API}/events/service.ts`]: "import { a } from '../identity/model.ts';\nexport const b = a;",
    [`${API}/identity/model.ts`]: 'export const a = 1;',
  },
  'identity-knows-no-higher-feature': {
    [`${API}/identity/service.ts`]: "import { a } from '../listings/model.ts';\nexport const b = a;",
    [`${API}/listings/model.ts`]: 'export const a = 1;',
  },
  'listings-knows-no-higher-feature': {
    [`${API}/listings/service.ts`]: "import type { A } from '../search/model.ts';\nexport type B = A;",
    [`${API}/search/model.ts`]: 'export type A = 1;',
  },
  'webhooks-knows-no-higher-feature': {
    [`${API}/webhooks/service.ts`]: "import { a } from '../search/model.ts';\nexport const b = a;",
    [`${API}/search/model.ts`]: 'export const a = 1;',
  },
  'ledger-knows-no-higher-feature': {
    [`${API}/ledger/service.ts`]: "import { a } from '../payments/model.ts';\nexport const b = a;",
    [`${API}/payments/model.ts`]: 'export const a = 1;',
  },
  'payments-knows-no-higher-feature': {
    [`${API}/payments/service.ts`]: "import { a } from '../calendar/model.ts';\nexport const b = a;",
    [`${API}/calendar/model.ts`]: 'export const a = 1;',
  },
  'calendar-knows-no-higher-feature': {
    [`${API}/calendar/service.ts`]: "import { a } from '../feeds/model.ts';\nexport const b = a;",
    [`${API}/feeds/model.ts`]: 'export const a = 1;',
  },
  'feeds-knows-no-higher-feature': {
    [`${API}/feeds/service.ts`]: "import { a } from '../pricing/model.ts';\nexport const b = a;",
    [`${API}/pricing/model.ts`]: 'export const a = 1;',
  },
  'pricing-knows-no-higher-feature': {
    [`${API}/pricing/service.ts`]: "import { a } from '../search/model.ts';\nexport const b = a;",
    [`${API}/search/model.ts`]: 'export const a = 1;',
  },
  'search-knows-no-higher-feature': {
    [`${API}/search/service.ts`]: "import { a } from '../notifications/model.ts';\nexport const b = a;",
    [`${API}/notifications/model.ts`]: 'export const a = 1;',
  },
  'bookings-knows-no-higher-feature': {
    [`${API}/bookings/service.ts`]: "import { a } from '../notifications/model.ts';\nexport const b = a;",
    [`${API}/notifications/model.ts`]: 'export const a = 1;',
  },
  'payouts-knows-no-higher-feature': {
    [`${API}/payouts/service.ts`]: "import { a } from '../notifications/model.ts';\nexport const b = a;",
    [`${API}/notifications/model.ts`]: 'export const a = 1;',
  },
  'notifications-knows-no-higher-feature': {
    [`${API}/notifications/service.ts`]: "import { a } from '../admin/model.ts';\nexport const b = a;",
    [`${API}/admin/model.ts`]: 'export const a = 1;',
  },
  'platform-knows-no-feature': {
    [`${API}/platform/context.ts`]: "import type { A } from '../identity/model.ts';\nexport type B = A;",
    [`${API}/identity/model.ts`]: 'export type A = 1;',
  },
  'features-know-no-assembly': {
    [`${API}/listings/service.ts`]: "import { a } from '../surface.ts';\nexport const b = a;",
    [`${API}/surface.ts`]: 'export const a = 1;',
  },
  'nothing-imports-bin': {
    [`${API}/app.ts`]: "import { a } from './bin/server.ts';\nexport const b = a;",
    [`${API}/bin/server.ts`]: 'export const a = 1;',
  },
  'routes-call-verbs-only': {
    [`${API}/listings/routes.ts`]: "import { a } from './repository.ts';\nexport const b = a;",
    [`${API}/listings/repository.ts`]: 'export const a = 1;',
  },
  'rules-are-pure': {
    [`${API}/listings/model.ts`]: "import type { A } from './repository.ts';\nexport type B = A;",
    [`${API}/listings/repository.ts`]: 'export type A = 1;',
  },
  'sql-stays-in-repositories': {
    [`${API}/listings/service.ts`]: "import { sql } from 'kysely';\nexport const b = sql;",
    'node_modules/kysely/package.json': '{ "name": "kysely", "main": "index.js" }',
    'node_modules/kysely/index.js': 'exports.sql = 1;',
    'package.json': '{ "dependencies": { "kysely": "1" } }',
  },
  'shared-stands-alone': {
    'packages/shared/src/money.ts': "import fs from 'node:fs';\nexport const a = fs;",
  },
  'sdk-stands-alone': {
    'packages/sdk/src/client.ts': "import { a } from '../../shared/src/money.ts';\nexport const b = a;",
    'packages/shared/src/money.ts': 'export const a = 1;',
  },
  'sdk-resources-do-not-know-the-client': {
    'packages/sdk/src/resources/listings.ts': "import type { A } from '../client.ts';\nexport type B = A;",
    'packages/sdk/src/client.ts': 'export type A = 1;',
  },
  'cli-speaks-through-the-sdk': {
    'packages/cli/src/main.ts': "import type { A } from '../../api/src/app.ts';\nexport type B = A;",
    [`${API}/app.ts`]: 'export type A = 1;',
  },
  'only-processes-start-the-emulator': {
    [`${API}/payments/service.ts`]:
      "import { a } from '../../../stripe-emulator/src/emulator.ts';\nexport const b = a;",
    'packages/stripe-emulator/src/emulator.ts': 'export const a = 1;',
  },
  'stripe-emulator-stands-alone': {
    'packages/stripe-emulator/src/money.ts':
      "import { a } from '../../shared/src/money.ts';\nexport const b = a;",
    'packages/shared/src/money.ts': 'export const a = 1;',
  },
  'no-barrels': {
    'packages/cli/src/main.ts': "import { a } from './commands/index.ts';\nexport const b = a;",
    'packages/cli/src/commands/index.ts': 'export const a = 1;',
  },
  'no-test-code-in-production': {
    [`${API}/app.ts`]: "import { a } from '../test/database.ts';\nexport const b = a;",
    'packages/api/test/database.ts': 'export const a = 1;',
  },
  resolvable: {
    [`${API}/app.ts`]: "import { a } from './nowhere.ts';\nexport const b = a;",
  },
};

const rules = config.forbidden as IForbiddenRuleType[];
let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'import rules ')));
});
afterAll(() => rm(folder, { recursive: true }));

async function violationsOf(name: string, files: Record<string, string>): Promise<string[]> {
  const baseDir = path.join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(baseDir, file)), { recursive: true });
    await writeFile(path.join(baseDir, file), content);
  }
  const { output } = await cruise(
    ['packages'],
    { ...config.options, baseDir, validate: true, ruleSet: { forbidden: rules } },
    config.options.enhancedResolveOptions,
  );
  return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))];
}

describe('the import rules', () => {
  test('each has a planted violation here', () => {
    expect(Object.keys(plants).sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  test.each(Object.entries(plants))(
    '%s catches its violation, and no other rule does',
    async (name, files) => {
      expect(await violationsOf(name, files)).toEqual([name]);
    },
  );
});
