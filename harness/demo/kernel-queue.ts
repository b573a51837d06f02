import { readFile } from 'node:fs/promises';

/**
 * The bytes that have arrived for connections to a local TCP port and that nobody has read yet, as the Linux kernel
 * tells. Null where it does not.
 */
export async function unreadBytes(remotePort: number): Promise<number | null> {
  let table: string;
  try {
    table = await readFile('/proc/net/tcp', 'utf8');
  } catch {
    return null;
  }
  // sl local_address rem_address st tx_queue:rx_queue …, all in hexadecimal: proc(5), "/proc/net/tcp".
  const remote = `:${remotePort.toString(16).toUpperCase().padStart(4, '0')}`;
  const queues = table.split('\n').flatMap((line) => {
    const [, , address, , queue] = line.trim().split(/\s+/);
    return address?.endsWith(remote) === true ? [Number.parseInt(queue?.split(':')[1] ?? '0', 16)] : [];
  });
  return queues.reduce((sum, queue) => sum + queue, 0);
}
