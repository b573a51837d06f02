/** The head of a request or a response, as far as a capture's reader looks at it. */
export interface HttpHead {
  /** `GET /chat HTTP/1.1`, `HTTP/1.1 101 Switching Protocols`. */
  readonly firstLine: string;
  /** By their names in lower case; what came more than once is joined with commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** With the empty line at its end. */
  readonly bytes: number;
}

const END = Buffer.from('\r\n\r\n');
const METHODS = ['GET ', 'POST ', 'PUT ', 'HEAD ', 'DELETE ', 'OPTIONS ', 'PATCH ', 'TRACE ', 'CONNECT '];

/** Whether bytes begin a request, or a response. `unsure`: they are too few. */
export function isHttp(bytes: Buffer, isRequest: boolean): 'yes' | 'no' | 'unsure' {
  const text = bytes.toString('latin1', 0, 9);
  const beginnings = isRequest ? METHODS : ['HTTP/1.'];
  if (beginnings.some((one) => text.startsWith(one))) return 'yes';
  return beginnings.some((one) => one.startsWith(text)) ? 'unsure' : 'no';
}

/** How much of the empty line may have come already. */
export const PART_OF_END_BYTES = END.length - 1;

/** Null: it is not whole. @param from where its end is looked for: it is known not to begin before. */
export function parseHead(bytes: Buffer, from = 0): HttpHead | null {
  const end = bytes.indexOf(END, from);
  if (end === -1) return null;
  const [firstLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  return { firstLine, headers, bytes: end + END.length };
}

/** The status of a response; 0: there is none. */
export function statusOf({ firstLine }: HttpHead): number {
  return Number(/^HTTP\/1\.\d (\d{3})\b/.exec(firstLine)?.[1] ?? 0);
}

/** Whether a request asks for a WebSocket, or a response grants one. */
export function isUpgrade(head: HttpHead): boolean {
  if (head.firstLine.startsWith('HTTP/') && statusOf(head) !== 101) return false;
  return head.headers.get('upgrade')?.toLowerCase().includes('websocket') === true;
}
