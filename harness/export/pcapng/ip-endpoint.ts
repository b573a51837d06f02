import { isIP } from 'node:net';

/** One end of a TCP connection: 4 bytes of address, or 16. */
export interface IpEndpoint {
  readonly address: Uint8Array;
  readonly port: number;
}

/** The network 192.0.2.0/24 is for documentation (RFC 5737), and so is 198.51.100.0/24. */
const CLIENT_NETWORK = [192, 0, 2] as const;
const SERVER = [198, 51, 100, 1] as const;
const HOSTS = 254;
/** The dynamic ports belong to no protocol (RFC 6335): nobody's decoder takes what is in them for its own. */
const FIRST_PORT = 49_152;
const PORTS = 65_535 - FIRST_PORT;
const SERVER_PORT = 65_535;

/** `127.0.0.1:40012`, `[::1]:443`; null for anything else, such as a name. */
export function parseEndpoint(text: string | undefined): IpEndpoint | null {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([\d.]{7,15})):(\d{1,5})$/i.exec(text ?? '');
  const [host, port] = [match?.[1] ?? match?.[2] ?? '', Number(match?.[3])];
  if (!(port >= 1 && port <= 65_535)) return null;
  if (match?.[2] !== undefined && isIP(host) === 4) return { address: Uint8Array.from(host.split('.'), Number), port };
  return match?.[1] !== undefined && isIP(host) === 6 ? { address: ipv6Bytes(host), port } : null;
}

/** Ends for a connection of which no addresses are known: from those that are for documentation, by its number. */
export function documentationEnds(connection: number): readonly [IpEndpoint, IpEndpoint] {
  const index = Math.max(0, connection - 1);
  const host = 1 + (Math.floor(index / PORTS) % HOSTS);
  return [
    { address: Uint8Array.of(...CLIENT_NETWORK, host), port: FIRST_PORT + (index % PORTS) },
    { address: Uint8Array.of(...SERVER), port: SERVER_PORT },
  ];
}

/** `isIP` has said that it is one. */
function ipv6Bytes(host: string): Uint8Array {
  // The dotted end of `::ffff:192.0.2.1`, as two groups.
  const groups = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = groups.split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const words = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}
