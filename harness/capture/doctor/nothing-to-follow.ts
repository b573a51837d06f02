import { counted, thousands } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

const SHOWN = 3;

/** No TCP in it: another filter, another interface, or stopped before anything was written. */
export const nothingToFollow: Detector = ({ about, segments }) => {
  if (segments > 0) return null;
  const kinds = [...about.others].toSorted(([, one], [, other]) => other - one).slice(0, SHOWN);
  const told = kinds.map(([why, n]) => `${thousands(n)} ${why}`).join(', ');
  const what =
    about.packets === 0
      ? 'The capture has no packet: the filter or the interface was another, or tcpdump was stopped before it wrote anything (--immediate-mode and -U)'
      : `None of ${counted(about.packets, 'packet')} is TCP that can be followed (${told})`;
  return { code: 'nothing-to-follow', message: what, count: about.packets };
};
