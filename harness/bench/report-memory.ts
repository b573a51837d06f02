/** Loaded before a command that is measured: when it exits, it writes the most memory it has had, in bytes, to fd 3. */
import { writeSync } from 'node:fs';
import { peakBytes } from './peak-bytes.ts';

process.on('exit', () => {
  writeSync(3, String(peakBytes()));
});
