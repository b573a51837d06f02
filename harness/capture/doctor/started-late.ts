import { counted, thousands } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

/** Without its handshake nobody knows what a connection agreed on. */
export const startedLate: Detector = ({ flows, midway, about, missingGaps }) => {
  if (midway === 0) return null;
  const which =
    flows === 1
      ? 'The connection'
      : `${midway === flows ? `All ${thousands(flows)}` : `${thousands(midway)} of ${counted(flows, 'connection')}`}${midway === flows ? ' connections' : ''}`;
  const orLost = about.dropped > 0 || missingGaps > 0 ? ', or its beginning is among what was lost' : '';
  return {
    code: 'started-late',
    message: `${which} began before the capture${orLost}: the handshakes are missing, with what they agreed on (protocol, compression, target). Start tcpdump first, then the client`,
    count: midway,
  };
};
