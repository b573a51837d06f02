import { expect, test } from 'vitest';
import { traceToNdjson } from '../../../src/trace/file/trace-to-ndjson.ts';
import { dice, mutate, mutateBodies, SAMPLE, survive } from './mutate.ts';

test.each(['trace', 'ndjson'] as const)(
  '100,000 changes by chance to a %s end in a typed error, or in items',
  async (form) => {
    const seed = 20260102;
    const roll = dice(seed);
    let sound = SAMPLE;
    if (form === 'ndjson') {
      const lines: string[] = [];
      for await (const line of traceToNdjson([SAMPLE])) lines.push(line);
      sound = Buffer.from(lines.join(''));
    }
    const fates = { error: 0, warned: 0, read: 0 };
    for (let i = 0; i < 100_000; i += 1) {
      const bytes = form === 'trace' && i % 2 === 0 ? mutateBodies(sound, roll) : mutate(sound, roll);
      // Which one it is, for whoever has to look.
      fates[
        await survive(bytes, form).catch((error: unknown) => {
          throw new Error(`Change ${i} of seed ${seed}: ${bytes.toString('base64')}`, { cause: error });
        })
      ] += 1;
    }
    expect(fates.error + fates.warned + fates.read).toBe(100_000);
  },
);
