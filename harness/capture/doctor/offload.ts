import { counted, thousands } from '../../report/format-number.ts';
import type { Detector } from './capture-facts.ts';

/** What Ethernet carries: 1,500 bytes, and a header of 14. */
export const ETHERNET_BYTES = 1514;

/** With segmentation offload the capture has what the system handed to the card, or made of what came: not what was on the wire. */
export const offload: Detector = ({ about, bigPackets, biggestBytes, lengthless }) => {
  if (bigPackets === 0 && lengthless === 0) return null;
  const parts = [];
  if (bigPackets > 0)
    parts.push(
      `${thousands(bigPackets)} of ${counted(about.packets, 'packet')} have more than ${thousands(ETHERNET_BYTES)} bytes (the longest ${thousands(biggestBytes)})`,
    );
  if (lengthless > 0) parts.push(`${counted(lengthless, 'packet has', 'packets have')} the length 0 in the IP header`);
  const message = `${parts.join(', and ')}: the card splits and joins them (segmentation offload). Every byte is here; sizes, times and losses are not those of the wire. To see these: ethtool -K IFACE tso off gso off gro off lro off`;
  return { code: 'offload', message, count: bigPackets + lengthless };
};
