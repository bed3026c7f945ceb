import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

export interface Measured {
  requestsPerSecond: number;
  p50Ms: number;
  p975Ms: number;
  p99Ms: number;
  /** Answers outside 2xx and connections that broke: a benchmark with any of them measured something else. */
  failures: number;
  /** CPU time of the server for each answer, in microseconds: what does not depend on the loading side. */
  cpuMicroseconds: number;
}

export interface Load {
  url: string;
  /** The path, or that of each request by its number (which costs the loading side some of the machine). */
  path: string | ((request: number) => string);
  /** The process that answers, to tell its CPU time. */
  pid: number;
  headers?: Record<string, string>;
  connections?: number;
  seconds?: number;
}

/** Loads a server as fast as it answers, over connections that are kept. */
export async function load({
  url,
  path,
  pid,
  headers = {},
  connections = 32,
  seconds = 5,
}: Load): Promise<Measured> {
  let request = 0;
  const varied = (next: autocannon.Request) => {
    request += 1;
    return { ...next, path: (path as (request: number) => string)(request) };
  };
  const before = await cpuSeconds(pid);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      typeof path === 'string'
        ? { method: 'GET', headers, path }
        : { method: 'GET', headers, setupRequest: varied },
    ],
  });
  const cpu = (await cpuSeconds(pid)) - before;
  return {
    requestsPerSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p975Ms: result.latency.p97_5,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
    cpuMicroseconds: Math.round((cpu / result.requests.total) * 1e6),
  };
}

/** CPU seconds that a process has used, from Linux; a hundredth of a second is the grain. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user! + system!) / 100;
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
