import { ViewOf } from '../../view-of.ts';

/** Of all streams: chunks of the capture, and what messages are put together in. */
const sources = new ViewOf();
const targets = new ViewOf();
/** The mask twice, to be read as one number. */
const twice = new DataView(new ArrayBuffer(8));

/**
 * Copies masked bytes without their mask to `target`, from `at` on. They have to fit.
 *
 * @param mask Its four bytes as one number, first byte highest; 0: there is none.
 * @param done How many bytes of the payload come before these.
 */
// Positional: made for each frame of a capture of millions.
export function unmaskInto(
  target: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  mask: number,
  done: number,
): void {
  if (mask === 0) {
    target.set(bytes.subarray(start, end), at);
    return;
  }
  const turn = done & 3;
  // Rotated, so that the first byte of the copy meets its own byte of the mask.
  const rotated = turn === 0 ? mask : ((mask << (turn * 8)) | (mask >>> (32 - turn * 8))) >>> 0;
  twice.setUint32(0, rotated);
  twice.setUint32(4, rotated);
  const eight = twice.getBigUint64(0);
  const from = sources.of(bytes);
  const to = targets.of(target);
  const whole = start + ((end - start) & ~7);
  const ahead = at - start;
  // Eight bytes at a time, which V8 does without making BigInts: twice as fast as four.
  for (let place = start; place < whole; place += 8)
    to.setBigUint64(place + ahead, BigInt.asUintN(64, from.getBigUint64(place) ^ eight));
  for (let place = whole; place < end; place += 1)
    target[place + ahead] = (bytes[place] ?? 0) ^ ((rotated >>> (24 - ((place - start) & 3) * 8)) & 0xff);
}

/** A copy of masked bytes without their mask; parameters as above. */
export function unmask(bytes: Uint8Array, start: number, end: number, mask: number, done: number): Uint8Array {
  const clear = new Uint8Array(end - start);
  unmaskInto(clear, 0, bytes, start, end, mask, done);
  return clear;
}
