/** One variant of `bench capture`, alone in its process: `capture-process VARIANT FILE PASSES` measures it and tells the result. */
import { captureLoad } from './capture-load.ts';
import { isCaptureVariant, type CaptureCounts, type CaptureMeasurement } from './capture-variant.ts';
import { peakBytes } from './peak-bytes.ts';

const [, , variant, file, passes] = process.argv;
if (!isCaptureVariant(variant) || file === undefined) throw new Error(`Unknown variant: ${variant}`);
const pass = captureLoad(variant);

const timed = async (): Promise<{ ms: number; counts: CaptureCounts }> => {
  const before = process.hrtime.bigint();
  const counts = await pass(file);
  return { ms: Number(process.hrtime.bigint() - before) / 1e6, counts };
};

const first = await timed();
let ms = Infinity;
for (let i = 0; i < Number(passes); i += 1) ms = Math.min(ms, (await timed()).ms);
process.send?.({ firstMs: first.ms, ms, peakBytes: peakBytes(), counts: first.counts } satisfies CaptureMeasurement);
