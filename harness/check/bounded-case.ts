import type { StreamCase } from './stream-case.ts';

/** Where the inner side moves little at a time, no step takes more calls beneath than that. */
export const MAX_CALLS_PER_STEP = 64;

/** The same case with no step that would take tens of thousands of calls. */
export function boundedCase(streamCase: StreamCase): StreamCase {
  const most = mostBytes(streamCase);
  if (isBounded(streamCase)) return streamCase;
  const steps = streamCase.steps.map((step) =>
    'bytes' in step && step.bytes > most ? { ...step, bytes: most } : step,
  );
  return { ...streamCase, steps };
}

export function isBounded(streamCase: StreamCase): boolean {
  const most = mostBytes(streamCase);
  return streamCase.steps.every((step) => !('bytes' in step) || step.bytes <= most);
}

function mostBytes({ inner: { capacityBytes = Infinity, chunkBytes = Infinity } }: StreamCase): number {
  return MAX_CALLS_PER_STEP * Math.min(capacityBytes, chunkBytes);
}
