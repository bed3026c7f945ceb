import { startEmulator } from '../src/emulator.ts';
import { KEY } from './emulated.ts';

// An emulator in a process of its own, to be killed.
const [, , journal] = process.argv;
const emulator = await startEmulator({ secretKey: KEY, journal: journal! });
process.stdout.write(`${emulator.port}\n`);
