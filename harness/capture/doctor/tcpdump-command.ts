import type { CaptureFacts } from './capture-facts.ts';
import { portsText } from './server-ports.ts';

const BSD_LOOPBACK = 0;
const OPENBSD_LOOPBACK = 108;
/** A name out of a file becomes part of a command only if no shell finds anything in it. */
const PLAIN_NAME = /^[A-Za-z0-9][\w.@:-]{0,62}$/;

/** The command that would have got it right, by what is in the capture. */
export function tcpdumpCommand(facts: CaptureFacts): string {
  return `tcpdump -i ${interfaceOf(facts)} --immediate-mode -U -B 32768 -s 0 -w again.pcap '${portsText(facts, ' or ')}'`;
}

/** `IFACE`: nobody knows. */
function interfaceOf({ about, isLoopback, isNetwork }: CaptureFacts): string {
  const names = new Set(about.interfaces.map(({ name }) => name ?? ''));
  const [only = ''] = names;
  if (names.size === 1 && only !== 'any' && PLAIN_NAME.test(only)) return only;
  if (!isLoopback || isNetwork) return 'IFACE';
  const isBsd = about.interfaces.some(({ linkType }) => linkType === BSD_LOOPBACK || linkType === OPENBSD_LOOPBACK);
  return isBsd ? 'lo0' : 'lo';
}
