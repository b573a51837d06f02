import { counted, thousands } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

/** A capture of all interfaces sees a packet on each that it passes. */
export const duplicates: Detector = ({ duplicates: count, about }) => {
  if (count === 0) return null;
  const isAny = about.interfaces.some(({ linkType, name }) => linkType === 113 || linkType === 276 || name === 'any');
  const why = isAny ? '-i any sees a packet on every interface that it passes' : 'it passes the same interface twice';
  return {
    code: 'duplicates',
    message: `${thousands(count)} of ${counted(about.packets, 'packet')} were captured twice: ${why}. They are counted once; name one interface`,
    count,
  };
};
