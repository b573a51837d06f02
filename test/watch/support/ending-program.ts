import { watchProgram } from '../../../src/watch/watch-program.ts';
import { Kind } from '../../../src/trace/event-kind.ts';

/**
 * Records a count, then ends in the way that its second argument names; the first is where its trace goes. With a third
 * it ends only once its watchdog has begun.
 */

const RECORDS = 3000;

const [, , tracePath = '', way = '', whenBegun = ''] = process.argv;
const watch = watchProgram({ tracePath, report: 'none' });
if (whenBegun !== '') await watch.flush();
const { recorder } = watch;
const connection = recorder.openConnection();
for (let n = 1; n <= RECORDS; n += 1) recorder.event(Kind.WRITE, connection, 0, n, n, n);
if (way === 'exit') process.exit(3);
if (way === 'survive') {
  process.once('uncaughtException', () => setTimeout(() => undefined, 10));
  setTimeout(() => {
    throw new Error('somebody catches this');
  }, 0);
}
if (way === 'throw') throw new Error('nobody catches this');
