import { printable } from '../../../src/printable.ts';
import { counted } from '../../report/format-number.ts';
import type { SideRecord } from './flow-record.ts';

/** One direction of a connection in a line: what it carried, what is missing, and how it ended. */
export function describeSide(side: SideRecord, other: SideRecord): string {
  // A HAR has no streams of bytes.
  const doubt = side.perhapsBytes === 0 ? '' : side.perhapsBytes > 0 ? ' or one more' : ' or one fewer';
  const parts = side.bytes > 0 || side.frames === 0 ? [`${counted(side.bytes, 'byte')}${doubt}`] : [];
  if (side.gapCount > 0) {
    const reasons = [...new Set(side.gaps.map(({ reason }) => reason))].join(', ');
    parts.push(`${counted(side.gapBytes, 'byte')} of them missing in ${counted(side.gapCount, 'gap')} (${reasons})`);
  }
  if (side.frames > 0)
    parts.push(
      counted(side.frames, 'frame'),
      `${counted(side.messages, 'message')} of ${counted(side.messageBytes, 'byte')}`,
    );
  if (side.tunnelMessages > 0) parts.push(`${counted(side.tunnelMessages, 'message')} of the tunnel`);
  if (side.retransmissions > 0) parts.push(counted(side.retransmissions, 'retransmission'));
  if (side.outOfOrder > 0) parts.push(`${side.outOfOrder} out of order`);
  if (side.duplicates > 0) parts.push(`${counted(side.duplicates, 'packet')} captured twice`);
  if (side.conflicts > 0) parts.push(`${counted(side.conflicts, 'overlap')} with other bytes`);
  if (side.strays > 0) parts.push(`${counted(side.strays, 'packet')} that cannot be of it`);
  if (side.lateBytes > 0) parts.push(`${counted(side.lateBytes, 'byte')} after the reset`);
  if (side.isClosed) {
    const reason = side.closeReason === '' ? '' : ` "${printable(side.closeReason)}"`;
    parts.push(`Close${side.closeCode === null ? ' without a code' : ` ${side.closeCode}`}${reason}`);
  }
  if (side.packets === 0 && other.packets > 0) parts.push('not captured');
  parts.push(side.end?.toUpperCase() ?? 'no end');
  return parts.join(', ');
}
