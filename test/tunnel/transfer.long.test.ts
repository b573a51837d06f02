import { expect, test } from 'vitest';
import { startRig } from './support/rig.ts';
import { transferBothWays } from './support/transfer.ts';

const GIB = 1024 * 1024 * 1024;

test('1 GiB each way at once arrives as it was sent', async () => {
  const rig = await startRig();
  const { sent, received } = await transferBothWays(rig, GIB);
  expect(received).toEqual(sent);
  expect(sent.map(({ bytes }) => bytes)).toEqual([GIB, GIB]);
});
