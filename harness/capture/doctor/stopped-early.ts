import { counted, duration, thousands } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

/** Silence of a connection that says more about the connection than about the capture. */
const LONG_SILENCE_MS = 1000;

/** The end of the story is missing: connections go on, or the file ends in the middle of a packet. */
export const stoppedEarly: Detector = ({ about, open, flows, longestSilenceMs, unacknowledged }) => {
  if (open === 0 && about.cut === null) return null;
  const parts = [];
  if (about.cut !== null)
    parts.push('The file ends in the middle of a packet: its writer was killed, and -U was not given.');
  if (open > 0) {
    const which = flows === 1 ? 'The connection is' : `${thousands(open)} of ${counted(flows, 'connection')} are`;
    const waiting = unacknowledged === 0 ? '' : `, with ${counted(unacknowledged, 'byte')} not acknowledged`;
    parts.push(`${which} still open when the capture ends${waiting}.`);
    if (longestSilenceMs >= LONG_SILENCE_MS)
      parts.push(`One has been silent for ${duration(longestSilenceMs)} by then: that may be the hang itself.`);
  }
  parts.push(
    'Without --immediate-mode and -U what came in the last second can be lost; stop only when the connections are over, or are known to hang',
  );
  return { code: 'stopped-early', message: parts.join(' '), count: Math.max(1, open) };
};
