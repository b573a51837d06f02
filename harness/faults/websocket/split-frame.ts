import { Opcode, type Frame } from './wire/frame.ts';

/**
 * A frame of data as two: the first keeps opcode and reserved bits and `firstBytes` of the payload, the second continues
 * it and ends the message if the frame did.
 */
export function splitFrame(frame: Frame, firstBytes: number): readonly [Frame, Frame] {
  const { payload } = frame;
  return [
    frame.with({ fin: false, payload: payload.subarray(0, firstBytes) }),
    frame.with({ opcode: Opcode.CONTINUATION, rsv: 0, payload: payload.subarray(firstBytes) }),
  ];
}
