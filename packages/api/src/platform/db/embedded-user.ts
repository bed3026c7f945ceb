import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DatabaseError } from './connect.ts';

const run = promisify(execFile);

export interface SystemUser {
  uid: number;
  gid: number;
}

const OUR_USER = 'sojourn-postgres';

/** Where the tools that make users live; `su` often leaves a PATH without them. */
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Ways to make a system user: the shadow tools of most distributions, then BusyBox. */
const WAYS_TO_MAKE_USER: [string, ...string[]][] = [
  [
    'useradd',
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ],
  ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin'],
];

/**
 * The user that PostgreSQL, which refuses to run as root, runs as instead: whoever owns the cluster already, else a
 * system user of our own, else the one of a packaged PostgreSQL.
 *
 * @param owner of the existing cluster, if there is one
 * @returns undefined when we are not root: PostgreSQL then runs as the user that we are.
 */
export async function userForPostgres(owner: SystemUser | undefined): Promise<SystemUser | undefined> {
  const ourUid = process.getuid?.();
  if (ourUid !== 0) {
    if (!owner || owner.uid === ourUid) return undefined;
    throw new DatabaseError(
      `The database in this data folder belongs to another user (uid ${owner.uid}). ` +
        'Start Sojourn as that user or as root, or set SOJOURN_DATA_DIR to another folder.',
    );
  }
  if (owner) return { uid: owner.uid, gid: owner.gid };
  const user =
    (await find(OUR_USER)) ?? (await make()) ?? (await find('postgres')) ?? (await find('_postgres'));
  if (user) return user;
  throw new DatabaseError(
    `PostgreSQL does not run as root, and the system user ${OUR_USER} could not be made. ` +
      'Make that user, start Sojourn as an ordinary user, or set DATABASE_URL.',
  );
}

async function find(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name], { env })));
    return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) };
  } catch {
    return undefined;
  }
}

async function make(): Promise<SystemUser | undefined> {
  for (const [program, ...flags] of WAYS_TO_MAKE_USER) {
    await run(program, [...flags, OUR_USER], { env }).catch(() => {});
    // Looked up even when the program failed: another server may have made the user in the same moment.
    const user = await find(OUR_USER);
    if (user) return user;
  }
  return undefined;
}
