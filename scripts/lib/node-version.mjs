// Imported first, and written for old versions: it has to run on a Node that is too old for the rest, to say so.
const MINIMUM = 20;

if (process.platform === 'win32') fail('Sojourn runs on Linux and macOS. On Windows, use it inside WSL.');
if (Number(process.versions.node.split('.')[0]) < MINIMUM)
  fail(
    `Sojourn needs Node ${MINIMUM} or newer; this is Node ${process.versions.node} (${process.execPath}). Get one from https://nodejs.org.`,
  );

function fail(message) {
  console.error(message);
  process.exit(1);
}
