import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase } from '../packages/api/test/database.ts';

export const root = path.join(import.meta.dirname, '..');
const SERVER = path.join(root, 'packages/api/dist/bin/server.js');
const CLI = path.join(root, 'packages/cli/bin/sojourn.js');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built server and the built CLI as a user has them: real processes, an empty home, a database of their own. */
export async function startSandbox() {
  const database = await createTestDatabase();
  const home = await mkdtemp(path.join(tmpdir(), 'sojourn home '));
  const port = await freePort();
  let server = await startServer();

  async function startServer(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [SERVER], {
      cwd: home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        DATABASE_URL: database.url,
        PORT: String(port),
        SEED_DEMO: 'true',
        LOG_LEVEL: 'warn',
      },
      stdio: 'ignore',
    });
    for (let i = 0; i < 600; i++) {
      if (
        await fetch(`http://127.0.0.1:${port}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        return child;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('The server was not ready within 15 s.');
  }

  return {
    home,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: database.url,
    /** Starts `sojourn` with these words. */
    spawn(words: readonly string[]): ChildProcess {
      return spawn(process.execPath, [CLI, ...words], {
        cwd: home,
        env: { PATH: process.env.PATH, HOME: home, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    },
    /** Runs `sojourn` with these words to its end. */
    async run(...words: string[]): Promise<Finished> {
      const child = this.spawn(words);
      const [stdout, stderr] = [textOf(child.stdout!), textOf(child.stderr!)];
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, stdout: await stdout, stderr: await stderr };
    },
    async killServer(): Promise<void> {
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
    async restartServer(): Promise<void> {
      server = await startServer();
    },
    async stop(): Promise<void> {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGTERM');
        await once(server, 'exit');
      }
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}
