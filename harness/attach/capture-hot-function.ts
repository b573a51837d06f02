import type { Clock } from '../../src/poll/clock.ts';
import { within, type InspectorClient } from '../../src/watch/inspector-client.ts';
import { readFrames, type CallFrame } from '../../src/watch/read-frames.ts';
import { sleep } from './sleep.ts';
import type { Stack } from './stack.ts';

/** Of the Chrome DevTools Protocol, as far as it is used here. Lines and columns count from 0. */
interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: Location & { readonly functionName: string; readonly url: string };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
}

const PROFILE_MS = 200;
const SAMPLE_EVERY_US = 500;
const PAUSE_TIMEOUT_MS = 500;
const MAX_FUNCTIONS = 3;

/**
 * The stack of a thread that is in Node's own code whenever it is paused, though the program's functions are called in
 * between: they are short, and compiled so that no pause hits them. Samples tell which they are; a breakpoint, taken out
 * again at once, stops in one. Null if none of the program's functions is seen.
 */
export async function captureHotFunction(
  client: InspectorClient,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Stack | null> {
  const functions = await hotFunctions(client, clock, signal);
  const urls = new Map<string, string>();
  const stopScripts = client.on('Debugger.scriptParsed', (params) => {
    const { scriptId, url } = params as { scriptId: string; url: string };
    if (url !== '') urls.set(scriptId, url);
  });
  try {
    await client.post('Debugger.enable');
    for (const location of functions.slice(0, MAX_FUNCTIONS)) {
      const callFrames = await pauseAt(client, location, clock);
      if (callFrames === null) continue;
      return await readFrames(client, callFrames, urls);
    }
    return null;
  } finally {
    stopScripts();
    // Takes out the breakpoint, and resumes.
    await within(client.post('Debugger.disable'), PAUSE_TIMEOUT_MS, clock);
  }
}

/** Where the program's functions begin, the one that was seen most often first. */
async function hotFunctions(client: InspectorClient, clock: Clock, signal: AbortSignal): Promise<Location[]> {
  await client.post('Profiler.enable');
  try {
    await client.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    await client.post('Profiler.start');
    await sleep(PROFILE_MS, clock, signal);
    const { profile } = (await client.post('Profiler.stop')) as { profile: Profile };
    const seen = new Map<number, number>();
    for (const id of profile.samples ?? []) seen.set(id, (seen.get(id) ?? 0) + 1);
    return profile.nodes
      .filter(({ callFrame }) => callFrame.url !== '' && !callFrame.url.startsWith('node:'))
      .toSorted((a, b) => (seen.get(b.id) ?? 0) - (seen.get(a.id) ?? 0))
      .map(({ callFrame }) => callFrame);
  } finally {
    await client.post('Profiler.disable');
  }
}

async function pauseAt(client: InspectorClient, start: Location, clock: Clock): Promise<readonly CallFrame[] | null> {
  const { scriptId, lineNumber, columnNumber } = start;
  const at = { start: { scriptId, lineNumber, columnNumber }, restrictToFunction: true };
  const { locations } = (await client.post('Debugger.getPossibleBreakpoints', at)) as { locations: Location[] };
  const [location] = locations;
  if (location === undefined) return null;
  let stop = (): void => undefined;
  const paused = new Promise<readonly CallFrame[]>((resolve) => {
    stop = client.on('Debugger.paused', (params) => {
      resolve((params as { callFrames: readonly CallFrame[] }).callFrames);
    });
  });
  try {
    await client.post('Debugger.setBreakpoint', { location });
    return await within(paused, PAUSE_TIMEOUT_MS, clock);
  } finally {
    stop();
  }
}
