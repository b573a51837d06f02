import { HandMadeTrace } from './hand-made-trace.ts';

export const request = Buffer.from('GET / HTTP/1.1\r\nHost: t.cn\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n');
export const reply = Buffer.alloc(200_000, 'x'.repeat(61));

/** A conversation that is whole: payload before its record and after it, a write longer than a packet, and both ends. */
export function conversation(ends: { a?: string; b?: string } = {}, connection = 1): HandMadeTrace {
  const of = { connection };
  return new HandMadeTrace()
    .note('about', { title: 'a conversation', dialect: 'tokio-1.12.0' })
    .note('connection', { connection, openedMs: 5, closedMs: 90, end: 'completed', ...ends })
    .payload(connection, 'a -> b', 0, request.subarray(0, 40))
    .event('poll', 10, { ...of, timeMs: 10.25, n: 1 })
    .write(10, 'a -> b', 40, of)
    .write(11, 'a -> b', request.length - 40, of)
    .write(12, 'b -> a', 'pending', of)
    .write(1900, 'b -> a', reply.length, of)
    .payload(connection, 'a -> b', 40, request.subarray(40))
    .payload(connection, 'b -> a', 0, reply.subarray(0, 100_000))
    .payload(connection, 'b -> a', 100_000, reply.subarray(100_000))
    .event('shutdown', 1901, { ...of, direction: 'a -> b', n: 0 })
    .event('shutdown', 1902, { ...of, direction: 'b -> a', n: 0 })
    .note('end', { reason: 'closed', atMs: 2000 });
}

/** Ends that a trace may name, and those that its capture has. */
export const ENDS = [
  ['made up', {}, '192.0.2.1:49152', '198.51.100.1:65535'],
  ['of IPv4', { a: '127.0.0.1:40012', b: '127.0.0.1:8080' }, '127.0.0.1:40012', '127.0.0.1:8080'],
  ['of IPv6', { a: '[::1]:40012', b: '[2001:db8::7]:50443' }, '[::1]:40012', '[2001:db8::7]:50443'],
  ['IPv4 in IPv6', { a: '[::ffff:127.0.0.1]:50009', b: '[::]:50443' }, '[::ffff:7f00:1]:50009', '[::]:50443'],
  ['names', { a: 'curl', b: '127.0.0.1:8080' }, '192.0.2.1:49152', '198.51.100.1:65535'],
] as const;
