/** One variant of `bench record`, alone in its process: `record-process VARIANT` measures it and tells the result. */
import { getHeapStatistics } from 'node:v8';
import { cutCallSites } from './cut-call-sites.ts';
import { median } from './ratio.ts';
import { isRecordVariant, type RecordMeasurement } from './record-variant.ts';

const WARM_UPS = 20;
const BATCHES = 60;
/** A long run makes what a batch allocates once, however long it is, small beside what each operation would. */
const LONG_RUNS = 5;
const LONG_RUN_BATCHES = 10;

const [, , variant] = process.argv;
if (!isRecordVariant(variant)) throw new Error(`Unknown variant: ${variant}`);
if (variant === 'engineCut') cutCallSites();
const { recordLoad } = await import('./record-load.ts');
const { batch, run } = recordLoad(variant);

for (let i = 0; i < WARM_UPS; i += 1) run(batch);

let ns = Infinity;
for (let i = 0; i < BATCHES; i += 1) {
  const before = process.hrtime.bigint();
  run(batch);
  ns = Math.min(ns, Number(process.hrtime.bigint() - before) / batch);
}

const heapBytes: number[] = [];
for (let i = 0; i < LONG_RUNS; i += 1) {
  const before = getHeapStatistics().used_heap_size;
  run(batch * LONG_RUN_BATCHES);
  heapBytes.push((getHeapStatistics().used_heap_size - before) / (batch * LONG_RUN_BATCHES));
}

process.send?.({ ns, heapBytes: median(heapBytes) } satisfies RecordMeasurement);
