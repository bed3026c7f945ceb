import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ensureUser } from '../identity/service/ensure-user.ts';
import { readConfig } from '../platform/config.ts';
import { contextOfProcess } from '../platform/context.ts';
import { openLog } from '../platform/log.ts';
import { ProblemError } from '../platform/problem.ts';
import { openResources } from '../resources.ts';

// Makes an admin, or makes the verified account of an address one. Run where the server runs: it writes to its database.
const USAGE = `Usage: npm run admin:create -- --email you@example.com [--name "Your name"] [--password -]

  --password -  reads the password from stdin; without it one is made and printed once
`;

const { values } = parseArgs({
  options: { email: { type: 'string' }, name: { type: 'string' }, password: { type: 'string' } },
});
if (!values.email || (values.password !== undefined && values.password !== '-')) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const given = values.password === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
const password = given ?? randomBytes(15).toString('base64url');
const resources = await openResources(readConfig(), { log: openLog('warn') });
try {
  const { created } = await ensureUser(contextOfProcess(resources, null), {
    email: values.email,
    displayName: values.name ?? 'Admin',
    role: 'admin',
    password,
  });
  process.stdout.write(`${created ? 'Made' : 'Updated'} the admin ${values.email}.\n`);
  if (given === undefined) process.stdout.write(`Its password, shown this once: ${password}\n`);
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  process.stderr.write(
    `${[error.message, ...error.errors.map(({ message }) => `  ${message}`)].join('\n')}\n`,
  );
  process.exitCode = 1;
} finally {
  await resources.close();
}
