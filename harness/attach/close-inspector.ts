import type { Clock } from '../../src/poll/clock.ts';
import { within } from '../../src/watch/inspector-client.ts';
import { releaseObjects } from './evaluate.ts';
import type { OpenInspector } from './open-inspector.ts';

const GOODBYE_TIMEOUT_MS = 1000;
const CLOSE_TIMEOUT_MS = 3000;

/**
 * From inside, for there is no other way. It ends the connections, ours among them, and so has no answer. An old Node has
 * no getBuiltinModule, and an ES module no mainModule; the console's own `require` comes last.
 */
const CLOSE = `(typeof process.getBuiltinModule === 'function'
  ? process.getBuiltinModule('inspector')
  : (process.mainModule ? process.mainModule.require('inspector') : require('inspector'))).close()`;

/**
 * Lets go of a process: nothing of ours stays in it, what we paused goes on, and an inspector that we had opened is
 * closed. Never throws. @returns what could not be done, for a person, or null.
 */
export async function closeInspector(
  { client, port }: OpenInspector,
  { clock, isToClose }: { readonly clock: Clock; readonly isToClose: boolean },
): Promise<string | null> {
  const goodbye = [client.post('Debugger.disable'), releaseObjects(client)];
  await within(Promise.allSettled(goodbye), GOODBYE_TIMEOUT_MS, clock);
  let warning: string | null = null;
  if (isToClose) {
    const expression = { expression: CLOSE, silent: true, includeCommandLineAPI: true };
    client.post('Runtime.evaluate', expression).catch(() => undefined);
    const hasEnded = await within(
      client.ended.then(() => true),
      CLOSE_TIMEOUT_MS,
      clock,
    );
    if (hasEnded === null) {
      warning = `The inspector on port ${port} could not be closed: the process did not answer. Close it later with: relayscope attach --close PID`;
    }
  }
  client.close();
  return warning;
}
