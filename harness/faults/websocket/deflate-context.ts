import { actingOn, isCompressed } from './acting-on.ts';
import { constants, deflateRawSync } from 'node:zlib';
import { webSocketFault } from './web-socket-fault.ts';

const TEXT = Buffer.from('what nobody has ever sent, '.repeat(4));
/** Almost nothing but references to what would have come before it. */
const FOREIGN = deflateRawSync(TEXT, { dictionary: TEXT, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

export const deflateContext = webSocketFault({
  name: 'deflate-context',
  summary: 'a compressed message refers to a context that its receiver does not have',
  calls: 'compressed messages',
  open: (fault) =>
    actingOn(fault, isCompressed, (frame, out) => {
      out.frame(frame.with({ payload: FOREIGN, fin: true }));
    }),
});
