import { writeSync } from 'node:fs';
import { Kind } from '../../../src/trace/event-kind.ts';
import { watchProgram } from '../../../src/watch/watch-program.ts';

/**
 * Records the time about once a millisecond, in microseconds of its own clock, and ends itself by SIGKILL; the first
 * argument is where its trace goes. The last time, recorded just before, it also says on its standard output.
 */

const LIFE_MS = 700;

const [, , tracePath = ''] = process.argv;
const watch = watchProgram({ tracePath, report: 'none' });
const { recorder } = watch;
// Until the thread that writes has begun there is nothing to survive.
await watch.flush();
const connection = recorder.openConnection();
const startMs = performance.now();

function record(): void {
  const micros = Math.round((performance.now() - startMs) * 1000);
  recorder.event(Kind.WRITE, connection, 0, 1, micros, 1);
  if (micros < LIFE_MS * 1000) {
    setTimeout(record, 1);
    return;
  }
  writeSync(1, String(micros));
  process.kill(process.pid, 'SIGKILL');
}

record();
