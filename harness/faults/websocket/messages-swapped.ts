import { actingOnMessages } from './acting-on-messages.ts';
import { Opcode, type Frame } from './wire/frame.ts';
import type { FrameOutlet } from './wire/frame-fault.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const messagesSwapped = webSocketFault({
  name: 'messages-swapped',
  summary: 'a message arrives after the one behind it',
  calls: 'messages',
  open: (fault) => {
    let held: readonly Frame[] | null = null;
    const hold = actingOnMessages(fault, (message) => {
      held = message;
    });
    const release = (out: FrameOutlet): void => {
      for (const frame of held ?? []) out.frame(frame);
      held = null;
    };
    return {
      frame(frame, out) {
        if (held === null) {
          hold.frame(frame, out);
          return;
        }
        // Nothing may come after a Close: it must not be what the message is swapped with.
        if (frame.opcode === Opcode.CLOSE) release(out);
        out.frame(frame);
        fault.pass(frame.wire.byteLength);
        if (frame.isData && frame.fin) release(out);
      },
      end(out) {
        release(out);
        hold.end?.(out);
      },
    };
  },
});
