import { counted } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

/** Packets that passed and that the capturing program did not get: by its own count, and by what was acknowledged. */
export const dropped: Detector = ({ about, missingGaps, missingBytes, isLoopback }) => {
  if (about.dropped === 0 && missingGaps === 0) return null;
  const said =
    about.dropped === 0 ? [] : [`The capturing program says that it lost ${counted(about.dropped, 'packet')}.`];
  const seen =
    missingGaps === 0
      ? []
      : [
          `${counted(missingBytes, 'byte')} in ${counted(missingGaps, 'gap')} were acknowledged by the other end and are not here: the capture has lost them, not the network.`,
        ];
  const why = isLoopback
    ? 'Packets on loopback have up to 64 KiB, and the default buffer of 2 MiB is full at once'
    : 'The buffer was too small for the rate';
  return {
    code: 'dropped',
    message: `${[...said, ...seen].join(' ')} ${why}: -B 32768, and a filter`,
    count: about.dropped > 0 ? about.dropped : missingGaps,
  };
};
