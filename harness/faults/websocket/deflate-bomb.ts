import { z } from 'zod';
import { actingOn } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { constants, deflateRawSync } from 'node:zlib';
import { Opcode, RSV1 } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

/** A mebibyte of zeros, complete in itself, so that any number of them in a row are a valid stream. */
const BLOCK = deflateRawSync(Buffer.alloc(1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH });
/** What permessage-deflate leaves out at the end of a message. */
const TAIL_BYTES = 4;

export const deflateBomb = webSocketFault({
  name: 'deflate-bomb',
  summary: 'a small message comes before another, and is huge when inflated; only if permessage-deflate is on',
  calls: 'messages',
  parameters: z.object({ mebibytes: whole(1, 4096).default(256).describe('what it is when inflated') }),
  open: (fault, { mebibytes }) =>
    actingOn(
      fault,
      (frame, out) => frame.beginsMessage && out.isDeflateOn(),
      (frame, out) => {
        const blocks = Array.from({ length: mebibytes }, () => BLOCK);
        const payload = Buffer.concat([...blocks]).subarray(0, -TAIL_BYTES);
        out.frame(out.make({ opcode: Opcode.BINARY, rsv: RSV1, payload }));
        out.frame(frame);
      },
    ),
});
