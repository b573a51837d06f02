import { isMainThread } from 'node:worker_threads';
import { RelayscopeError } from './errors.ts';
import { printable } from './printable.ts';
import { takeSettings } from './register/settings.ts';
import { withoutUs } from './register/without-us.ts';
import { setAmbientRecorder } from './trace/ambient-recorder.ts';
import { listSockets } from './watch/socket-list.ts';
import { watchProgram } from './watch/watch-program.ts';

/**
 * `node --import relayscope/register app.js`, or `import 'relayscope/register'` first thing: a watchdog over the main
 * thread, and a recorder under every `copyBidirectional` that names none. Settings come from the environment:
 * docs/register.md in the repository.
 *
 * In a Worker it does nothing: a Worker inherits the flags of its parent, and the one watchdog watches the main thread.
 * What cannot be set up is said on one line, and the program runs on without us.
 */

const REGISTERED = Symbol.for('relayscope.registered');
// Nobody else has a reason to use this name; a second copy of this package has.
const place = globalThis as unknown as Record<symbol, boolean | undefined>;

if (isMainThread && place[REGISTERED] !== true) {
  place[REGISTERED] = true;
  try {
    const { recorder } = watchProgram(takeSettings(process.env, process.pid));
    setAmbientRecorder(recorder);
    listSockets();
  } catch (error) {
    if (!(error instanceof RelayscopeError)) throw error;
    process.stderr.write(`relayscope: ${printable(error.message)} [${error.code}]; the program runs on unwatched\n`);
  }
  process.execArgv = withoutUs(process.execArgv, import.meta.url, process.cwd());
}
