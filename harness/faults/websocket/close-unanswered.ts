import { actingOn } from './acting-on.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const closeUnanswered = webSocketFault({
  name: 'close-unanswered',
  summary: 'the Close that answers one does not arrive',
  calls: 'Close frames that answer one',
  open: (fault) => {
    let hasPeerClosed = false;
    const drop = actingOn(
      fault,
      (frame) => hasPeerClosed && frame.opcode === Opcode.CLOSE,
      () => undefined,
    );
    return {
      ...drop,
      opposite(frame) {
        hasPeerClosed ||= frame.opcode === Opcode.CLOSE;
      },
    };
  },
});
