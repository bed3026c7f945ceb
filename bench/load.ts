import autocannon from 'autocannon';

export interface Measured {
  requestsPerSecond: number;
  p50Ms: number;
  p975Ms: number;
  p99Ms: number;
  /** Answers outside 2xx and connections that broke: a benchmark with any of them measured something else. */
  failures: number;
}

export interface Load {
  url: string;
  /** The path of each request, by its number. */
  path: (request: number) => string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: (request: number) => string;
  connections?: number;
  seconds?: number;
}

/** Loads a server as fast as it answers, over connections that are kept. */
export async function load({
  url,
  path,
  method = 'GET',
  headers = {},
  body,
  connections = 32,
  seconds = 5,
}: Load): Promise<Measured> {
  let request = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method,
        headers,
        setupRequest: (next) => {
          request += 1;
          return { ...next, path: path(request), ...(body ? { body: body(request) } : {}) };
        },
      },
    ],
  });
  return {
    requestsPerSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p975Ms: result.latency.p97_5,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
  };
}

/** Several loads in turns, `rounds` times over, so that whatever else the machine does falls on all of them; medians. */
export async function inTurns(loads: Record<string, Load>, rounds = 3): Promise<Record<string, Measured>> {
  const all = Object.fromEntries(Object.keys(loads).map((name) => [name, [] as Measured[]]));
  for (const [, warmUp] of Object.entries(loads)) await load({ ...warmUp, seconds: 1 });
  for (let round = 0; round < rounds; round++)
    for (const [name, one] of Object.entries(loads)) all[name]!.push(await load(one));
  return Object.fromEntries(Object.entries(all).map(([name, runs]) => [name, medianRun(runs)]));
}

const medianRun = (runs: Measured[]): Measured =>
  runs.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)[Math.floor(runs.length / 2)]!;
