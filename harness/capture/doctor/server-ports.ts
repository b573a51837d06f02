import type { CaptureFacts } from './capture-facts.ts';

/** More of them are no filter any more. */
const MAX_PORTS = 4;

/** `port 8080`, or `port 80 or port 443`: those of the servers in a capture, as a filter. `tcp`: they are too many. */
export function portsText({ ports }: CaptureFacts, between: string): string {
  if (ports.size === 0 || ports.size > MAX_PORTS) return 'tcp';
  const sorted = [...ports.keys()].toSorted((one, other) => one - other);
  return sorted.map((port) => `port ${port}`).join(between);
}
