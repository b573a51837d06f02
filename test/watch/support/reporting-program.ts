import { writeSync } from 'node:fs';
import { ReportPipe } from '../../../src/watch/report-pipe.ts';

/** Reports, on descriptor 3, far more than a pipe holds, then says on its standard output that it has. */

const VERDICTS = 5000;

const pipe = new ReportPipe(3);
for (let atMs = 1; atMs <= VERDICTS; atMs += 1) {
  pipe.send({ relayscope: 'alive', atMs });
  pipe.send({ relayscope: 'verdict', verdict: { outcome: 'busy', message: 'x'.repeat(200), atMs } });
  await new Promise((resolve) => setImmediate(resolve));
}
writeSync(1, 'done\n');
