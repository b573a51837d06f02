/**
 * A copy of masked bytes without their mask.
 *
 * @param mask Its four bytes as one number, first byte highest; 0: there is none.
 * @param done How many bytes of the payload come before these.
 */
export function unmask(bytes: Uint8Array, start: number, end: number, mask: number, done: number): Uint8Array {
  // Not `slice`, which copies nothing where the bytes are a Buffer.
  const clear = new Uint8Array(bytes.subarray(start, end));
  if (mask === 0) return clear;
  const turn = done & 3;
  // Rotated, so that the first byte of the copy meets its own byte of the mask.
  const rotated = turn === 0 ? mask : ((mask << (turn * 8)) | (mask >>> (32 - turn * 8))) >>> 0;
  const whole = clear.length & ~3;
  const view = new DataView(clear.buffer, clear.byteOffset, clear.byteLength);
  for (let at = 0; at < whole; at += 4) view.setUint32(at, view.getUint32(at) ^ rotated);
  for (let at = whole; at < clear.length; at += 1)
    clear[at] = (clear[at] ?? 0) ^ ((rotated >>> (24 - (at & 3) * 8)) & 0xff);
  return clear;
}
