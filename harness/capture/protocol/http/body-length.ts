import { statusOf, type HttpHead } from './http-head.ts';

/** How long the body behind a head is (RFC 9112, section 6.3). `tunnel`: what follows is another protocol. */
export type BodyLength =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until the end' }
  | { readonly kind: 'tunnel' };

const NONE: BodyLength = { kind: 'bytes', bytes: 0 };
const CHUNKED: BodyLength = { kind: 'chunked' };
const UNTIL_END: BodyLength = { kind: 'until the end' };
const TUNNEL: BodyLength = { kind: 'tunnel' };

export function requestBody(head: HttpHead): BodyLength {
  if (head.firstLine.startsWith('CONNECT ')) return TUNNEL;
  return declared(head) ?? NONE;
}

/** @param method that of the request, as far as it was captured. */
export function responseBody(head: HttpHead, method: string | undefined): BodyLength {
  const status = statusOf(head);
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return NONE;
  if (method === 'CONNECT' && status < 300) return TUNNEL;
  const length = declared(head);
  if (length !== null) return length;
  // Of the answer to a request that was not captured: only one to CONNECT tells neither what it has nor how much.
  return method === undefined && status === 200 && !head.headers.has('content-type') ? TUNNEL : UNTIL_END;
}

function declared({ headers }: HttpHead): BodyLength | null {
  if (headers.get('transfer-encoding')?.toLowerCase().includes('chunked') === true) return CHUNKED;
  const length = headers.get('content-length');
  if (length === undefined) return null;
  // The same value twice is allowed.
  const [first = '', ...others] = length.split(',').map((one) => one.trim());
  const isValid = /^\d{1,15}$/.test(first) && others.every((one) => one === first);
  return isValid ? { kind: 'bytes', bytes: Number(first) } : UNTIL_END;
}
