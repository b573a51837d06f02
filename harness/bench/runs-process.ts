/** One variant of `bench runs`, alone in its process: `runs-process VARIANT` measures it and tells the result. */
import { getHeapStatistics } from 'node:v8';
import { median } from './ratio.ts';
import { runsLoad } from './runs-load.ts';
import { isRunsVariant, type RunsMeasurement } from './runs-variant.ts';

/** A millisecond or less: on a busy machine some batches are left alone, if they are short. */
const BATCH = 1000;
const WARM_UPS = 300;
const BATCHES = 1500;
const LONG_BATCHES = 5;
const LONG_BATCH = 10_000;

const [, , variant] = process.argv;
if (!isRunsVariant(variant)) throw new Error(`Unknown variant: ${variant}`);
const run = runsLoad(variant);
for (let i = 0; i < WARM_UPS; i += 1) run(BATCH);

let ns = Infinity;
for (let i = 0; i < BATCHES; i += 1) {
  const before = process.hrtime.bigint();
  run(BATCH);
  ns = Math.min(ns, Number(process.hrtime.bigint() - before) / BATCH);
}

const heapBytes: number[] = [];
for (let i = 0; i < LONG_BATCHES; i += 1) {
  const before = getHeapStatistics().used_heap_size;
  run(LONG_BATCH);
  heapBytes.push((getHeapStatistics().used_heap_size - before) / LONG_BATCH);
}

process.send?.({ ns, heapBytes: median(heapBytes) } satisfies RunsMeasurement);
