import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { kernelSockets, type KernelSocket } from './kernel-sockets.ts';
import { procLink, procText } from './proc-text.ts';

/** Where Node's inspector listens unless it is told otherwise. */
const DEFAULT_PORT = 9229;
const MAX_PROCESSES = 4096;

export interface InspectorPort {
  /** 0: any free one. */
  readonly port: number;
  /** Whether the process was started with its inspector open. */
  readonly isOpen: boolean;
}

/** Where a process was told to open its inspector, by its options and NODE_OPTIONS. */
export function inspectorPort(pid: number): InspectorPort {
  const environment = procText(`${pid}/environ`)?.split('\0') ?? [];
  const fromEnvironment = environment.find((entry) => entry.startsWith('NODE_OPTIONS='))?.slice('NODE_OPTIONS='.length);
  const words = [...(fromEnvironment ?? '').split(/\s+/), ...(procText(`${pid}/cmdline`) ?? '').split('\0').slice(1)];
  let port = DEFAULT_PORT;
  let isOpen = false;
  for (const [index, word] of words.entries()) {
    const [, value] = /^--(?:inspect|debug)(?:-port|-brk|-wait)?(?:=(.*))?$/.exec(word) ?? [];
    // `--inspect-port 9333` in two words, `--inspect=0.0.0.0:9333`, `--inspect`.
    const given = value ?? (/^--(?:inspect|debug)-port$/.test(word) ? words[index + 1] : undefined);
    const digits = /(?:^|:)(\d{1,5})$/.exec(given ?? '')?.[1];
    if (digits !== undefined) port = Number(digits);
    if (/^--inspect(?:-brk|-wait)?(?:=|$)/.test(word)) isOpen = true;
  }
  return { port, isOpen };
}

export interface ListeningSocket extends Pick<KernelSocket, 'inode' | 'localPort'> {
  /** Where to connect to. */
  readonly host: string;
}

/** The ports that a process listens on. */
export function listeningSockets(pid: number): ListeningSocket[] {
  return (kernelSockets(pid) ?? lsofSockets(pid))
    .filter(({ state }) => state === 'listening')
    .map((socket) => {
      const address = socket.local.slice(0, socket.local.lastIndexOf(':')).replaceAll(/[[\]]/g, '');
      return { ...socket, host: address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address };
    });
}

/** Where there is no /proc: what lsof prints as `n127.0.0.1:9229`. Not tried on any such system. */
function lsofSockets(pid: number): Pick<KernelSocket, 'inode' | 'localPort' | 'local' | 'state'>[] {
  let text: string;
  try {
    const args = ['-a', '-p', String(pid), '-iTCP', '-sTCP:LISTEN', '-nP', '-Fn'];
    text = execFileSync('lsof', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return [];
  }
  return [...text.matchAll(/^n(.+):(\d+)$/gm)].map(([, host = '', port = '']) => {
    const local = `${host === '*' ? '0.0.0.0' : host}:${port}`;
    return { inode: local, localPort: Number(port), local, state: 'listening' };
  });
}

/** Whether somebody listens on a local port that Node would take for its inspector, and who, if that can be seen. */
export function portHolder(port: number): { readonly pid: number | null } | null {
  const inodes = new Set(
    ['tcp', 'tcp6'].flatMap((table) =>
      (procText(`self/net/${table}`) ?? '').split('\n').flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
        const [address = '', hex = ''] = local.split(':');
        const isOurs = state === '0A' && Number.parseInt(hex, 16) === port && /^(?:0+|0100007F)$/.test(address);
        return isOurs ? [inode] : [];
      }),
    ),
  );
  if (inodes.size === 0) return null;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const holder = pids.slice(0, MAX_PROCESSES).find((pid) => holdsAny(pid, inodes));
  return { pid: holder === undefined ? null : Number(holder) };
}

function holdsAny(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      return inodes.has(/^socket:\[(\d+)\]$/.exec(procLink(`${pid}/fd/${fd}`) ?? '')?.[1] ?? '');
    });
  } catch {
    return false;
  }
}
