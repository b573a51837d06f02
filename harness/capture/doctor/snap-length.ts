import { counted, thousands } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

/** A snap length leaves the headers and cuts what was said. */
export const snapLength: Detector = ({ about, cutPackets, longestCutBytes, cutOffBytes }) => {
  if (cutPackets === 0) return null;
  const message = `${thousands(cutPackets)} of ${counted(about.packets, 'packet')} were cut at ${counted(longestCutBytes, 'byte')}: ${counted(cutOffBytes, 'byte')} are missing. The snap length was too short; -s 0 takes packets whole`;
  return { code: 'snap-length', message, count: cutPackets };
};
