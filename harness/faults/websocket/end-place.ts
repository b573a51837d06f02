import type { Frame } from './wire/frame.ts';
import { Opcode } from './wire/frame.ts';

/** Where a connection can end too early. */
export const END_PLACES = ['close', 'message', 'mid-frame'] as const;

/** The frames in whose place it ends. */
export function isPlace(at: (typeof END_PLACES)[number]): (frame: Frame) => boolean {
  return at === 'close' ? (frame) => frame.opcode === Opcode.CLOSE : (frame) => frame.beginsMessage;
}
