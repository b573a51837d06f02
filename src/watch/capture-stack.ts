import type { Clock } from '../poll/clock.ts';
import type { StackFrame } from '../trace/trace-note.ts';
import { within, type InspectorClient } from './inspector-client.ts';
import { readFrames, type CallFrame } from './read-frames.ts';

export interface CaptureOptions {
  readonly clock: Clock;
  /** So long the thread gets to stop; one in a system call does not. Default: 1000. */
  readonly timeoutMs?: number;
  /** Leaves the thread paused: the caller resumes it (`Debugger.disable`). Default: false. */
  readonly keepPaused?: boolean;
  /** What else is to be asked while the thread stands still: `Runtime.evaluate` works then, and in any of its frames. */
  readonly whilePaused?: (client: InspectorClient, callFrames: readonly CallFrame[]) => Promise<void>;
  /** Whether the frames are to be read, which takes a millisecond each. Default: true. */
  readonly readsFrames?: boolean;
}

export type Capture =
  | { readonly kind: 'paused'; readonly frames: readonly StackFrame[]; readonly omitted: number }
  /** It did not stop in time: it is in a system call, or the event loop waits for events. */
  | { readonly kind: 'not-paused' }
  /** A debugger held it already. It was left alone. */
  | { readonly kind: 'held' };

/** Node's own frames may be innermost in a microtask loop: so many steps are made to get out of them. */
const MAX_STEPS = 3;
/** A step out of Node's frames takes less than a turn of the loop; one that leads nowhere must not take long. */
const STEP_TIMEOUT_MS = 100;

interface Paused {
  readonly callFrames: readonly CallFrame[];
}

/**
 * Pauses a thread, whatever it is doing in JavaScript, reads its stack with the locals of every frame, and lets it go
 * on. The caller's event loop must be kept alive meanwhile by something else: neither a session nor the clock does.
 */
export async function captureStack(client: InspectorClient, options: CaptureOptions): Promise<Capture> {
  const { clock, timeoutMs = 1000, keepPaused = false, whilePaused, readsFrames = true } = options;
  const urls = new Map<string, string>();
  const stopScripts = client.on('Debugger.scriptParsed', (params) => {
    const { scriptId, url } = params as { scriptId: string; url: string };
    if (url !== '') urls.set(scriptId, url);
  });
  const pauses = new PauseQueue(client);
  let isLeftPaused = false;
  try {
    // A frozen thread answers this from its interrupt; one that is in a system call does not.
    if ((await within(client.post('Debugger.enable'), timeoutMs, clock)) === null) return { kind: 'not-paused' };
    if (pauses.latest !== null) return { kind: 'held' };
    let paused = await pauses.after('Debugger.pause', timeoutMs, clock);
    if (paused === null) return { kind: 'not-paused' };
    paused = await stepOutOfNode(paused, pauses, { client, clock, urls });
    const { frames, omitted } = await readFrames(client, readsFrames ? paused.callFrames : [], urls);
    await whilePaused?.(client, paused.callFrames);
    isLeftPaused = keepPaused;
    return { kind: 'paused', frames, omitted };
  } finally {
    stopScripts();
    pauses.stop();
    // This resumes what we paused, and leaves alone what somebody else did: each session pauses for itself.
    if (!isLeftPaused) await within(client.post('Debugger.disable'), timeoutMs, clock);
  }
}

/** A thread that goes round in microtasks is often caught in Node's own code, where there is nothing to see. */
async function stepOutOfNode(
  first: Paused,
  pauses: PauseQueue,
  { client, clock, urls }: { client: InspectorClient; clock: Clock; urls: ReadonlyMap<string, string> },
): Promise<Paused> {
  let paused = first;
  for (let steps = 0; steps < MAX_STEPS && !paused.callFrames.some((frame) => isOfUser(frame, urls)); steps += 1) {
    if (steps === 0) await client.post('Debugger.setBlackboxPatterns', { patterns: ['^node:'] });
    const next = await pauses.after('Debugger.stepInto', STEP_TIMEOUT_MS, clock);
    if (next !== null) {
      paused = next;
      continue;
    }
    // Nothing of the user's runs: what we had first is the best there is, but its frames are gone. Take what comes.
    await client.post('Debugger.setBlackboxPatterns', { patterns: [] });
    return (await pauses.after('Debugger.pause', STEP_TIMEOUT_MS, clock)) ?? { callFrames: [] };
  }
  return paused;
}

function isOfUser({ url, location }: CallFrame, urls: ReadonlyMap<string, string>): boolean {
  const name = urls.get(location.scriptId) ?? url;
  return name !== '' && !name.startsWith('node:');
}

/** The pauses of a thread, of which the latest counts. */
class PauseQueue {
  latest: Paused | null = null;
  readonly #client: InspectorClient;
  readonly #stops: (() => void)[];
  #hear: (paused: Paused) => void = () => undefined;

  constructor(client: InspectorClient) {
    this.#client = client;
    this.#stops = [
      client.on('Debugger.paused', (params) => {
        this.latest = params as Paused;
        this.#hear(this.latest);
      }),
      client.on('Debugger.resumed', () => {
        this.latest = null;
      }),
    ];
  }

  /** Gives the command that leads to a pause, and waits for it; null if it does not come in time. */
  after(command: string, timeoutMs: number, clock: Clock): Promise<Paused | null> {
    const paused = new Promise<Paused>((resolve, reject) => {
      this.#hear = resolve;
      this.#client.post(command).catch(reject);
    });
    return within(paused, timeoutMs, clock);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }
}
