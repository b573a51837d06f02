import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** Where the story's client goes: through the SOCKS5 proxy at one port to the origin at another. */
export interface CallTarget {
  readonly proxyPort: number;
  readonly originPort: number;
  /** Host of the request; its length is that of the bytes under study. */
  readonly host: string;
}

export interface CallResult {
  /** The HTTP status; absent if there was no answer. */
  readonly status?: number;
  /** What the client said when there was no answer. */
  readonly complaint?: string;
}

/** A client of the relay: what it is called on the screen, and how to make a call with it. */
export interface Client {
  readonly name: string;
  readonly call: (target: CallTarget, signal: AbortSignal) => Promise<CallResult>;
}

/** So long a client waits for its answer: longer than any verdict takes. */
const CALL_LIMIT_S = 8;
/** The version is part of the story: with it the request for t.cn has 68 bytes. */
const USER_AGENT = 'curl/7.88.1';

/** The real curl if there is one on the path, else a client of our own that sends the same bytes. */
export async function findClient(env: NodeJS.ProcessEnv): Promise<Client> {
  const { stdout } = await run('curl', ['--version'], env);
  const name = /^curl \S+/.exec(stdout)?.[0];
  if (name === undefined) return { name: 'A client of ours (there is no curl here; same bytes)', call: callByHand };
  return { name, call: (target, signal) => callWithCurl(target, env, signal) };
}

/** The bytes that curl sends. */
export function requestBytes(host: string): string {
  return `GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${USER_AGENT}\r\nAccept: */*\r\n\r\n`;
}

async function callWithCurl(
  { proxyPort, originPort, host }: CallTarget,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<CallResult> {
  const args = ['-q', '--silent', '--show-error', '--output', '-', '--write-out', '%{http_code}', '-A', USER_AGENT];
  args.push('--max-time', String(CALL_LIMIT_S), '--noproxy', '', '--socks5', `127.0.0.1:${proxyPort}`);
  // No name is looked up: the connection goes where we say, the request says what the host is.
  args.push('--connect-to', `${host}:80:127.0.0.1:${originPort}`, `http://${host}/`);
  const { stdout, stderr, code } = await run('curl', args, env, signal);
  if (code === 0) return { status: Number(stdout.slice(-3)) };
  return { complaint: stderr.trim().split('\n').at(-1) ?? `curl ended with ${code}` };
}

function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<{ stdout: string; stderr: string; code: number | string }> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { env, signal, timeout: CALL_LIMIT_S * 1000, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: error === null ? 0 : (error.code ?? 'killed') });
      },
    );
  });
}

async function callByHand({ proxyPort, originPort, host }: CallTarget, signal: AbortSignal): Promise<CallResult> {
  const socket = connect({ port: proxyPort, host: '127.0.0.1' });
  const giveUp = (): void => {
    socket.destroy(new Error('No answer in time'));
  };
  socket.setTimeout(CALL_LIMIT_S * 1000, giveUp);
  signal.addEventListener('abort', giveUp, { once: true });
  let received = '';
  const chunks = socket.setEncoding('latin1')[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
  const atLeast = async (length: number): Promise<void> => {
    while (received.length < length) {
      const next = await chunks.next();
      if (next.value === undefined) throw new Error('Connection ended without an answer');
      received += next.value;
    }
  };
  try {
    await once(socket, 'connect');
    socket.write(Buffer.from([5, 1, 0]));
    await atLeast(2);
    socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, originPort >> 8, originPort & 0xff]));
    await atLeast(12);
    socket.write(requestBytes(host));
    await atLeast(24);
    return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(received.slice(12))?.[1]) };
  } catch (error) {
    return { complaint: error instanceof Error ? error.message : String(error) };
  } finally {
    socket.destroy();
  }
}
