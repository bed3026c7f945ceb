import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../packages/api/src/platform/config.ts';
import { contextOfProcess } from '../packages/api/src/platform/context.ts';
import { openResources } from '../packages/api/src/resources.ts';
import { SearchQuery } from '../packages/api/src/search/schema/query.ts';
import { searchListings } from '../packages/api/src/search/service.ts';
import { type ServerProcess, startBare } from './lab.ts';
import { inTurns } from './load.ts';
import { cities } from './search-data.ts';

interface Statement {
  text: string;
  values: readonly unknown[];
}

const CONNECTIONS = 16;

/** The nights of a spring, when searched for in the autumn before. */
export const SPRING = '&checkIn=2027-04-13&checkOut=2027-04-17';

/**
 * P1: a box around a big city, guests and a price, the cheapest twenty; beside the same statements bare.
 *
 * @param dates of a stay, as part of the query
 */
export async function benchSearchHttp(server: ServerProcess, databaseUrl: string, dates = '') {
  const [city] = cities();
  const { latitude, longitude } = city!;
  const box = [longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1]
    .map((degrees) => degrees.toFixed(3))
    .join(',');
  const query = `bbox=${box}&guests=2&maxPrice=${dates ? 80_000 : 20_000}&sort=price${dates}`;
  const bare = await startBare('http-pg', databaseUrl, await statementsOf(databaseUrl, query));
  try {
    return await inTurns({
      ours: {
        url: server.url,
        path: `/v1/search?${query}`,
        pid: server.process.pid!,
        connections: CONNECTIONS,
      },
      'node:http + pg': { url: bare.url, path: '/', pid: bare.pid, connections: CONNECTIONS },
    });
  } finally {
    await bare.stop();
  }
}

/** What a search sends to the database. */
async function statementsOf(databaseUrl: string, query: string): Promise<Statement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sojourn-bench-'));
  const resources = await openResources(
    readConfig({ DATABASE_URL: databaseUrl, SOJOURN_DATA_DIR: folder, LOG_LEVEL: 'silent' }),
  );
  const statements: Statement[] = [];
  const executor = resources.db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = (compiled) => {
    statements.push({ text: compiled.sql, values: compiled.parameters });
    return execute(compiled);
  };
  try {
    await searchListings(
      contextOfProcess(resources, null),
      SearchQuery.parse(Object.fromEntries(new URLSearchParams(query))),
    );
  } finally {
    await resources.close();
    await rm(folder, { recursive: true });
  }
  return statements;
}
