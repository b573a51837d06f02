import { PENDING } from '../../../src/poll/pending.ts';
import { SCRIBBLE } from '../lawful-stream.ts';

/** How many bytes in a row are looked for, to say where something comes from. */
const LOOK_BYTES = 6;
/** What lies in a window before it is read into. */
export const BLANK = 0xa5;

/**
 * Bytes arrive once, in order, unchanged.
 *
 * @param sent all that was sent in this direction, from its beginning; `at` is the position at which `got` has arrived.
 */
export function checkArrived(sent: Uint8Array, at: number, got: Uint8Array): string | null {
  if (at + got.length <= sent.length && Buffer.compare(sent.subarray(at, at + got.length), got) === 0) return null;
  let i = 0;
  while (i < got.length && at + i < sent.length && sent[at + i] === got[i]) i += 1;
  if (at + i === sent.length) return `${got.length - i} bytes arrived behind the ${sent.length} that were sent`;
  return `Byte ${at + i} is another than was sent: ${explain(sent, at + i, got.subarray(i))}`;
}

/** What has arrived beyond what pollWrite, with `n`, says that it has taken. */
export function checkUntaken(n: number, bytes: number): string | null {
  if (bytes <= 0) return null;
  const said = n === PENDING ? 'was PENDING, which means that nothing was taken' : `returned ${n}`;
  return `pollWrite ${said}, and ${bytes} bytes more have arrived`;
}

function explain(sent: Uint8Array, at: number, got: Uint8Array): string {
  const differs = `expected ${hex(sent, at)}, got ${hex(got, 0)}`;
  const isAll = (value: number): boolean => got.subarray(0, LOOK_BYTES).every((byte) => byte === value);
  if (isAll(SCRIBBLE)) return `${differs}, which is what the borrowed buffer was overwritten with after the call`;
  if (isAll(BLANK)) return `${differs}, which is what lay in the window before the read`;
  const from =
    got.length < LOOK_BYTES
      ? -1
      : Buffer.from(sent.buffer, sent.byteOffset, sent.length).indexOf(got.subarray(0, LOOK_BYTES));
  if (from === -1) return differs;
  return from < at ? `the bytes from ${from} on came again` : `the ${from - at} bytes before byte ${from} are missing`;
}

function hex(bytes: Uint8Array, at: number): string {
  return `0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
}
