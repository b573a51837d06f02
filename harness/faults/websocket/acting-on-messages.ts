import type { ActiveFault } from '../active-fault.ts';
import type { Frame } from './wire/frame.ts';
import type { FrameFault, FrameOutlet } from './wire/frame-fault.ts';

/** A message that is longer goes on unchanged. */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;

/**
 * A fault that changes whole messages, fragmented or not: `act` puts out what goes on instead. Control frames between the
 * fragments go on at once, before it.
 */
export function actingOnMessages(
  fault: ActiveFault,
  act: (message: readonly Frame[], out: FrameOutlet) => void,
): FrameFault {
  let message: Frame[] | null = null;
  let heldBytes = 0;
  const giveUp = (out: FrameOutlet): void => {
    for (const frame of message ?? []) out.frame(frame);
    message = null;
  };
  return {
    frame(frame, out) {
      const { byteLength } = frame.wire;
      if (frame.beginsMessage) {
        giveUp(out);
        if (fault.fires(byteLength)) [message, heldBytes] = [[], 0];
      }
      fault.pass(byteLength);
      if (message === null || !frame.isData) {
        out.frame(frame);
        return;
      }
      message.push(frame);
      heldBytes += byteLength;
      if (frame.fin) {
        const whole = message;
        message = null;
        act(whole, out);
      } else if (heldBytes > MAX_HELD_BYTES) {
        giveUp(out);
      }
    },
    end(out) {
      giveUp(out);
      out.end();
    },
  };
}
