import { type ServerProcess, type StripeProcess, startServer } from '../lab.ts';

/** S8: one credential, three server processes, one minute's limit: the sum is the limit to five in a hundred. */
export async function limitsThroughProcesses(
  folder: string,
  databaseUrl: string,
  firstPort: number,
  stripe: StripeProcess,
) {
  const limit = 2_000;
  const servers: ServerProcess[] = [];
  for (let i = 0; i < 3; i++)
    servers.push(
      await startServer(folder, databaseUrl, firstPort + i, {
        ...stripe.settings,
        RATE_LIMIT_PER_MINUTE: String(limit),
      }),
    );
  const { apiKey } = servers[0]!.credentials.host;
  // The window starts with its first request; all of these fall into it.
  const started = performance.now();
  const statuses: number[] = [];
  await Promise.all(
    Array.from({ length: 24 }, async (_, i) => {
      for (let n = 0; n < 150; n++) {
        const answer = await fetch(`${servers[(i + n) % 3]!.url}/healthz`, {
          headers: { Authorization: `Bearer ${apiKey}`, 'X-Forwarded-For': `10.0.${i}.${n}` },
        });
        await answer.text();
        statuses.push(answer.status);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  await Promise.all(servers.map((server) => server.stop()));
  const allowed = statuses.filter((status) => status === 200).length;
  return {
    limit,
    sent: statuses.length,
    allowed,
    seconds: Math.round(seconds),
    holds: seconds < 60 && allowed <= limit && allowed >= limit * 0.95,
  };
}
