import { z } from 'zod';
import { milliseconds } from '../fault-parameters.ts';
import type { FrameOutlet } from './wire/frame-fault.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const firstFrameWith101 = webSocketFault({
  name: 'first-frame-with-101',
  summary: 'the response to the upgrade waits for the first frame and comes in one piece with it',
  calls: 'responses to the upgrade',
  benign: true,
  parameters: z.object({ waitMs: milliseconds(1000, 'how long it waits at most') }),
  open: (fault, { waitMs }) => {
    let held: Buffer | null = null;
    const release = (out: FrameOutlet): void => {
      if (held !== null) out.head(held);
      held = null;
    };
    return {
      head(bytes, out) {
        if (!bytes.toString('latin1', 0, 5).startsWith('HTTP/') || !fault.fires(bytes.byteLength)) {
          out.head(bytes);
          return;
        }
        held = bytes;
        fault.context.clock.after(waitMs, () => {
          release(out);
          out.flush();
        });
      },
      frame(frame, out) {
        release(out);
        out.frame(frame);
      },
      end(out) {
        release(out);
        out.end();
      },
    };
  },
});
