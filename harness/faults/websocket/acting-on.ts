import type { ActiveFault } from '../active-fault.ts';
import { Opcode, type Frame } from './wire/frame.ts';
import type { FrameFault, FrameOutlet } from './wire/frame-fault.ts';

/** Which frames a fault is about: those it counts, and those it can change. */
type Matches = (frame: Frame, out: FrameOutlet) => boolean;

export const isClose: Matches = (frame) => frame.opcode === Opcode.CLOSE;
export const isPong: Matches = (frame) => frame.opcode === Opcode.PONG;
export const isData: Matches = (frame) => frame.isData;
export const beginsMessage: Matches = (frame) => frame.beginsMessage;
/** The first frame of a message that permessage-deflate has made smaller. */
export const isCompressed: Matches = (frame) => frame.beginsMessage && frame.rsv === 4;

/** A fault that changes single frames: `act` puts out what goes on instead of the frame. All others go on as they are. */
export function actingOn(
  fault: ActiveFault,
  matches: Matches,
  act: (frame: Frame, out: FrameOutlet) => void,
): FrameFault {
  return {
    frame(frame, out) {
      const { byteLength } = frame.wire;
      if (matches(frame, out) && fault.fires(byteLength)) act(frame, out);
      else out.frame(frame);
      fault.pass(byteLength);
    },
  };
}
