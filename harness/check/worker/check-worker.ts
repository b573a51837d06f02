import { workerData } from 'node:worker_threads';
import { RelayscopeError } from '../../../src/errors.ts';
import { joinWatch } from '../../../src/watch/worker-link.ts';
import { checkStream } from '../check-stream.ts';
import type { CheckOptions, FactoryOrigin, StreamFactory } from '../check-options.ts';
import type { CheckJob, CheckMessage } from './check-job.ts';
import { checkedOptions } from './checked-options.ts';
import { exportedFunction, loadModule } from './load-module.ts';

/** A check in a thread of its own: the module is somebody's, and may freeze for good. Then only the supervisor can tell, and end it. */

// run-check.ts starts this thread, and nothing else does.
const { adapter, peer, flags, watched, port } = workerData as CheckJob;
// Stays until whoever asked has heard the last word and ends it.
port.on('message', () => undefined);
// Before anything of the module runs: to load it may freeze, too.
joinWatch(watched);

function tell(message: CheckMessage): void {
  port.postMessage(message);
}

async function check(): Promise<void> {
  const exports = await loadModule(adapter);
  const factory = exportedFunction(exports, adapter);
  const own = checkedOptions(exports, adapter);
  const peerFactory = peer === null ? null : exportedFunction(await loadModule(peer), peer);
  const origin: FactoryOrigin = {
    module: adapter.specifier,
    name: adapter.name,
    ...(own === null ? {} : { options: own }),
    ...(peer === null ? {} : { peer: { module: peer.specifier, name: peer.name } }),
  };
  // What is no option that can be had is refused by the check; what a function takes and returns, too.
  const options = { ...own, ...flags, ...(peerFactory === null ? {} : { peer: peerFactory }) } as CheckOptions;
  tell({ kind: 'begun', inner: options.inner ?? 'poll', own: own === null ? null : plain(own) });
  const { broken, passed, unjudged, notApplicable, seed, runs } = await checkStream(factory as StreamFactory, {
    ...options,
    origin,
    onCase: (streamCase) => {
      tell({ kind: 'case', case: streamCase });
    },
  });
  tell({ kind: 'done', report: { broken, passed, unjudged, notApplicable, seed, runs } });
}

/** A function cannot cross over, and need not. */
function plain(own: Partial<CheckOptions>): Record<string, unknown> {
  const text = JSON.stringify(own, (_key, value: unknown) => (typeof value === 'function' ? true : value));
  // An object has gone in.
  return JSON.parse(text) as Record<string, unknown>;
}

try {
  await check();
} catch (error) {
  if (!(error instanceof RelayscopeError)) throw error;
  tell({ kind: 'failed', code: error.code, message: error.message });
}
