import { readdirSync } from 'node:fs';
import { procLink, procText } from './proc-text.ts';

/** A TCP socket of a process, as the kernel knows it. */
export interface KernelSocket {
  readonly inode: string;
  readonly fd: number;
  /** `127.0.0.1:8080`, `[::1]:8080`. */
  readonly local: string;
  readonly remote: string;
  readonly localPort: number;
  /** proc(5): as in the kernel's enum, `established`, `close-wait` … */
  readonly state: string;
  /** Bytes that have arrived and that the program has not read; of a listening socket, connections to be accepted. */
  readonly unread: number;
  /** Bytes that the program has written and that the peer has not acknowledged. */
  readonly unsent: number;
}

/** include/net/tcp_states.h, from 1. */
const STATES = [
  '',
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'closed',
  'close-wait',
  'last-ack',
  'listening',
  'closing',
];

const MAX_DESCRIPTORS = 65_536;

/** The TCP sockets that a process holds; null where the kernel does not tell (anything but Linux). */
export function kernelSockets(pid: number): KernelSocket[] | null {
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return null;
  }
  const descriptors = new Map<string, number>();
  for (const name of names.slice(0, MAX_DESCRIPTORS)) {
    const inode = /^socket:\[(\d+)\]$/.exec(procLink(`${pid}/fd/${name}`) ?? '')?.[1];
    if (inode !== undefined) descriptors.set(inode, Number(name));
  }
  return ['tcp', 'tcp6'].flatMap((table) =>
    (procText(`${pid}/net/${table}`) ?? '')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const socket = parseSocket(line, descriptors);
        return socket === null ? [] : [socket];
      }),
  );
}

/** sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …: proc(5). */
function parseSocket(line: string, descriptors: ReadonlyMap<string, number>): KernelSocket | null {
  const [, local = '', remote = '', state = '', queues = '', , , , , inode = ''] = line.trim().split(/\s+/);
  const fd = descriptors.get(inode);
  if (fd === undefined) return null;
  const [unsent = '0', unread = '0'] = queues.split(':');
  return {
    inode,
    fd,
    local: addressOf(local),
    remote: addressOf(remote),
    localPort: Number.parseInt(local.split(':')[1] ?? '', 16),
    state: STATES[Number.parseInt(state, 16)] ?? `state ${state}`,
    unread: Number.parseInt(unread, 16),
    unsent: Number.parseInt(unsent, 16),
  };
}

/** `0100007F:1F90` is 127.0.0.1:8080: the address in words of four bytes, each little-endian on the machines we know. */
function addressOf(text: string): string {
  const [hex = '', port = ''] = text.split(':');
  const bytes = [...hex.matchAll(/.{8}/g)].flatMap(([word]) =>
    [...word.matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16)).toReversed(),
  );
  return formatAddress(bytes, Number.parseInt(port, 16));
}

function formatAddress(bytes: readonly number[], port: number): string {
  if (bytes.length === 4) return `${bytes.join('.')}:${port}`;
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return `${bytes.slice(12).join('.')}:${port}`;
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) {
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  }
  // The longest row of zeros is written as ::, RFC 5952.
  const runs = [...groups.join(':').matchAll(/(?:^|:)(?:0(?::|$)){2,}/g)].map(([run]) => run);
  const longest = runs.toSorted((a, b) => b.length - a.length)[0];
  const joined = groups.join(':');
  return `[${longest === undefined ? joined : joined.replace(longest, '::')}]:${port}`;
}
