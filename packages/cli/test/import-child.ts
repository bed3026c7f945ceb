import { Sojourn } from '@sojourn/sdk';
import { openSink } from '../src/commands/listings/import-sink.ts';
import { runImport } from '../src/import/run.ts';

// One import in a process of its own, to be killed: import-child.ts URL FILE STATE REPORTS [OPTIONS as JSON]
const [url = '', file = '', stateDir = '', reportDir = '', more = '{}'] = process.argv.slice(2);
const interrupt = new AbortController();
process.on('SIGINT', () => interrupt.abort(new DOMException('Interrupted.', 'AbortError')));

const client = new Sojourn({ baseUrl: url, apiKey: 'sjn_test_key' });
const { report } = await runImport(
  {
    file,
    stdin: process.stdin,
    format: 'auto',
    publish: false,
    concurrency: 4,
    reportDir,
    batchSize: 50,
    stateDir,
    signal: interrupt.signal,
    serverKey: 'test',
    ...(JSON.parse(more) as object),
  },
  openSink(client),
  (progress) => console.log(JSON.stringify(progress)),
);
console.log(JSON.stringify({ phase: 'end', report }));
process.exit(0);
