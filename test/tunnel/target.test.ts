import { expect, test } from 'vitest';
import { checkTarget, formatTarget, targetOfUrl, targetQuery } from '../../harness/tunnel/target.ts';

test.each([
  { host: 't.cn', port: 80 },
  { host: '127.0.0.1', port: 65535 },
  { host: '2001:db8::1', port: 1 },
  { host: 'x'.repeat(255), port: 443 },
  { host: "odd&name=+'", port: 443 },
])('$host:$port survives the query', (target) => {
  expect(targetOfUrl(`/path?${targetQuery(target)}`)).toEqual(target);
});

test('an IPv6 address is written in brackets', () => {
  expect(formatTarget({ host: '::1', port: 80 })).toBe('[::1]:80');
  expect(formatTarget({ host: 't.cn', port: 80 })).toBe('t.cn:80');
});

test.each([
  ['', 80],
  ['x'.repeat(256), 80],
  ['a b', 80],
  ['a\nb', 80],
  ['a\0', 80],
  ['é', 80],
  ['user@host', 80],
  ['host/path', 80],
  ['[::1]', 80],
  ['fe80::1%eth0', 80],
  ['host', 0],
  ['host', 65536],
  ['host', 1.5],
  ['host', Number.NaN],
])('%j at port %d is no target', (host, port) => {
  expect(() => checkTarget(host, port)).toThrow(expect.objectContaining({ code: 'TUNNEL_TARGET_INVALID' }));
});

test.each(['/', '/?', '/?host=a', '/?port=80', '/?host=a&port=', '/?host=a&port=8e1', '/?host=a&host=b&port=80'])(
  '%s names no target',
  (url) => {
    expect(() => targetOfUrl(url)).toThrow(expect.objectContaining({ code: 'TUNNEL_TARGET_INVALID' }));
  },
);
