import { systemClock } from '../../src/poll/clock.ts';
import type { TunnelHandle } from '../tunnel/listen.ts';
import { checkServerUrl } from '../tunnel/open-tunnel.ts';
import { probeTunnel } from '../tunnel/probe-tunnel.ts';
import { startTunnelClient } from '../tunnel/tunnel-client.ts';
import { DEFAULT_OPEN_TIMEOUT_MS } from '../tunnel/tunnel-limits.ts';
import { startTunnelServer } from '../tunnel/tunnel-server.ts';
import { EXIT_OK, type Command, type Io } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { TunnelLog } from './tunnel-log.ts';
import { CLIENT_OPTIONS, clientOptions, SERVER_OPTIONS, serverOptions, warnings } from './tunnel-options.ts';
import { UsageError } from './usage-error.ts';

export const tunnel: Command = {
  summary: 'carry SOCKS5 through a WebSocket: the system of the story, for real use',
  help: `Usage: relayscope tunnel server [options]
       relayscope tunnel client --server URL [options]

The client listens for SOCKS5; each connection goes through a WebSocket to the server, which dials its target. Runs
until it is interrupted (Ctrl-C), then closes everything. docs/tunnel.md in the repository has the messages and the
security notes.

Both:
  --listen HOST:PORT          where to listen; port 0 takes a free one (default 127.0.0.1:8080, client 127.0.0.1:1080)
  --token TOKEN               what the client shows to the server, 16 to 512 characters; better in RELAYSCOPE_TOKEN,
                              for others can read a command line (default: the server makes one and prints it)
  --max-connections N         connections at once (default 1024)
  --handshake-timeout-ms MS   from a connection to the end of its request (default 10000)
  --half-close-timeout-ms MS  how long one direction may move nothing once the other has ended (default: for ever)
  --max-message-bytes N       longest WebSocket message, the same at both ends (default 262144)
  --dialect NAME              how to copy: checked, or a tokio release such as tokio-1.24.1 (default checked)
  --quiet                     no line for each connection on stderr
  --json                      one JSON object a line on stdout: {"schema":1,"event":"listening",…}

Server:
  --allow HOST[:PORT]         a destination that may be dialled, again for each: an address, a range as 10.0.0.0/8, a
                              name, *.name, localhost, or * for all (default localhost)
  --dial-timeout-ms MS        for resolving a name and connecting together (default 10000)

Client:
  --server URL                ws://host:port or wss://host:port
  --user NAME, --password PW  ask SOCKS clients for these (password better in RELAYSCOPE_PASSWORD)

Example: relayscope tunnel server --allow example.com:80
         RELAYSCOPE_TOKEN=… relayscope tunnel client --server ws://127.0.0.1:8080
         curl --socks5-hostname 127.0.0.1:1080 http://example.com/
Exit code 2: wrong arguments, the port is in use, or no tunnel server answers; else 128 and the signal's number.
`,
  async run(args, io) {
    const [side, ...rest] = args;
    if (side === 'server') return runServer(rest, io);
    if (side === 'client') return runClient(rest, io);
    throw new UsageError(`Wrong side of the tunnel: expected server or client, got ${JSON.stringify(side ?? '')}`);
  },
};

async function runServer(args: readonly string[], io: Io): Promise<number> {
  refuseOthers(args, 'client', CLIENT_OPTIONS, SERVER_OPTIONS);
  const { values, positionals } = parseOptions(args, SERVER_OPTIONS);
  refusePositionals(positionals);
  const log = new TunnelLog(io, values);
  const { options, tokenIsNew } = serverOptions(values, io.env);
  log.warn(warnings(options));
  const server = await startTunnelServer({ ...options, onEvent: log.onEvent });
  log.listening('server', server, tokenIsNew ? options.token : null);
  return runUntilStopped(server, io);
}

async function runClient(args: readonly string[], io: Io): Promise<number> {
  refuseOthers(args, 'server', SERVER_OPTIONS, CLIENT_OPTIONS);
  const { values, positionals } = parseOptions(args, CLIENT_OPTIONS);
  refusePositionals(positionals);
  const log = new TunnelLog(io, values);
  const options = clientOptions(values, io.env);
  log.warn(warnings(options));
  // Started first: a port in use is known at once, and nobody is served by a client that cannot reach its server.
  const client = await startTunnelClient({ ...options, onEvent: log.onEvent });
  try {
    const { token } = options;
    await probeTunnel(checkServerUrl(options.server), {
      token,
      clock: systemClock,
      timeoutMs: DEFAULT_OPEN_TIMEOUT_MS,
      signal: io.signal,
    });
  } catch (error) {
    await client.close();
    throw error;
  }
  log.listening('client', client, null);
  return runUntilStopped(client, io);
}

function refusePositionals(positionals: readonly string[]): void {
  if (positionals.length === 0) return;
  throw new UsageError(`Unexpected argument: expected options only, got ${JSON.stringify(positionals[0])}`);
}

async function runUntilStopped(handle: TunnelHandle, { signal }: Io): Promise<number> {
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    });
  }
  await handle.close();
  return EXIT_OK;
}

/** The help lists the options of both sides, so that one may well be given to the wrong one. */
function refuseOthers(args: readonly string[], other: string, theirs: object, ours: object): void {
  for (const arg of args) {
    const name = /^--([^=]+)/.exec(arg)?.[1] ?? '';
    if (name in theirs && !(name in ours)) throw new UsageError(`Wrong side: --${name} belongs to tunnel ${other}`);
  }
}
