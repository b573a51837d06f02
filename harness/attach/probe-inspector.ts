import { get } from 'node:http';

const MAX_ANSWER_BYTES = 1024 * 1024;
const PROBE_TIMEOUT_MS = 1000;

/**
 * The WebSocket of the Node inspector that listens there, or null if what listens is none. The address is kept as we know
 * it: an answer cannot lead us elsewhere.
 */
export async function probeInspector(host: string, port: number): Promise<string | null> {
  let targets: unknown;
  try {
    targets = JSON.parse(await fetchList(host, port));
  } catch {
    return null;
  }
  const [first] = Array.isArray(targets) ? (targets as unknown[]) : [];
  const { type, id } = (first ?? {}) as { type?: unknown; id?: unknown };
  if (type !== 'node' || typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) return null;
  return `ws://${host.includes(':') ? `[${host}]` : host}:${port}/${id}`;
}

function fetchList(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host, port, path: '/json/list', agent: false, timeout: PROBE_TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MAX_ANSWER_BYTES) response.destroy(new Error('too long an answer'));
      });
      response.on('end', () => {
        resolve(text);
      });
      response.on('error', reject);
    });
    request.on('timeout', () => {
      request.destroy(new Error('no answer'));
    });
    request.on('error', reject);
  });
}
