import { z } from 'zod';
import { MAX_HELD_BYTES } from './acting-on-messages.ts';
import { milliseconds, whole } from '../fault-parameters.ts';
import { Opcode, type Frame } from './wire/frame.ts';
import type { FrameOutlet } from './wire/frame-fault.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const coalesced = webSocketFault({
  name: 'coalesced',
  summary: 'so many frames wait for each other and come in one piece',
  calls: 'frames',
  benign: true,
  parameters: z.object({
    frames: whole(2, 10_000).default(16).describe('how many'),
    waitMs: milliseconds(100, 'how long the first waits at most'),
  }),
  open: (fault, { frames, waitMs }) => {
    let held: Frame[] = [];
    let heldBytes = 0;
    let cancel = (): void => undefined;
    const release = (out: FrameOutlet): void => {
      cancel();
      for (const frame of held) out.frame(frame);
      held = [];
      heldBytes = 0;
    };
    return {
      frame(frame, out) {
        const { byteLength } = frame.wire;
        if (held.length === 0) {
          const fires = fault.fires(byteLength);
          fault.pass(byteLength);
          if (!fires) {
            out.frame(frame);
            return;
          }
          cancel = fault.context.clock.after(waitMs, () => {
            release(out);
            out.flush();
          });
        } else {
          fault.pass(byteLength);
        }
        held.push(frame);
        heldBytes += byteLength;
        if (held.length >= frames || heldBytes > MAX_HELD_BYTES || frame.opcode === Opcode.CLOSE) release(out);
      },
      end(out) {
        release(out);
        out.end();
      },
    };
  },
});
