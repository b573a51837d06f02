import { watchProgram } from '../../../src/watch/watch-program.ts';
import { Kind } from '../../../src/trace/event-kind.ts';

/** Records a count, then ends in the way that its second argument names; the first is where its trace goes. */

const RECORDS = 3000;

const [, , tracePath = '', way = ''] = process.argv;
const { recorder } = watchProgram({ tracePath, report: 'none' });
const connection = recorder.openConnection();
for (let n = 1; n <= RECORDS; n += 1) recorder.event(Kind.WRITE, connection, 0, n, n, n);
if (way === 'exit') process.exit(3);
if (way === 'throw') throw new Error('nobody catches this');
