import { expect, test } from 'vitest';
import { AllowList } from '../../harness/tunnel/allow-list.ts';

/** rules, requested host, address it resolved to, port, allowed */
test.each([
  [undefined, 'localhost', '127.0.0.1', 80, true],
  [undefined, 'localhost', '::1', 80, true],
  [undefined, '127.0.0.2', '127.0.0.2', 80, true],
  [undefined, '::ffff:127.0.0.1', '::ffff:127.0.0.1', 80, true],
  [undefined, 'example.com', '127.0.0.1', 80, true],
  [undefined, '10.0.0.1', '10.0.0.1', 80, false],
  [undefined, '0.0.0.0', '0.0.0.0', 80, false],
  [undefined, 'localhost', '10.0.0.1', 80, false],
  [['*'], '169.254.169.254', '169.254.169.254', 80, true],
  [['*:443'], 'example.com', '93.184.215.14', 443, true],
  [['*:443'], 'example.com', '93.184.215.14', 80, false],
  [['10.0.0.0/8'], '10.255.0.1', '10.255.0.1', 22, true],
  [['10.0.0.0/8'], '11.0.0.1', '11.0.0.1', 22, false],
  [['10.0.0.0/8:22'], '10.0.0.1', '10.0.0.1', 22, true],
  [['10.0.0.0/8:22'], '10.0.0.1', '10.0.0.1', 23, false],
  [['10.0.0.1'], '10.0.0.1', '10.0.0.1', 1, true],
  [['10.0.0.1'], '10.0.0.1', '10.0.0.2', 1, false],
  [['fd00::/8'], 'x', 'fd00::1', 80, true],
  [['[fd00::/8]:443'], 'x', 'fd00::1', 443, true],
  [['[fd00::/8]:443'], 'x', 'fd00::1', 80, false],
  [['[::1]:80'], '::1', '::1', 80, true],
  [['example.com:443'], 'example.com', '93.184.215.14', 443, true],
  [['Example.COM'], 'eXample.com.', '93.184.215.14', 443, true],
  [['example.com'], 'www.example.com', '93.184.215.14', 443, false],
  [['*.example.com'], 'www.example.com', '93.184.215.14', 443, true],
  [['*.example.com'], 'example.com', '93.184.215.14', 443, false],
  [['*.example.com'], 'evilexample.com', '93.184.215.14', 443, false],
  // Who runs the DNS of an allowed name must not reach what is behind the server.
  [['example.com'], 'example.com', '127.0.0.1', 443, false],
  [['example.com'], 'example.com', '10.0.0.1', 443, false],
  [['example.com'], 'example.com', '169.254.169.254', 443, false],
  [['example.com'], 'example.com', '::1', 443, false],
  [['example.com'], 'example.com', 'fe80::1', 443, false],
  [['example.com'], 'example.com', '::ffff:10.0.0.1', 443, false],
  [['example.com'], 'example.com', '64:ff9b::a00:1', 443, false],
  [['example.com'], 'example.com', '2001:4860:4860::8888', 443, true],
  [['example.com', '10.0.0.0/8'], 'example.com', '10.0.0.1', 443, true],
  [[], 'localhost', '127.0.0.1', 80, false],
] as const)('%j: %s at %s, port %i: %s', (rules, host, address, port, allowed) => {
  expect(new AllowList(rules).allows(host, address, port)).toBe(allowed);
});

test.each([
  '',
  ':80',
  'example.com:0',
  'example.com:65536',
  'example.com:http',
  'example.com:',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0',
  'fd00::/129',
  '[::1',
  '::1]:80',
  'a b',
  '*.',
  '**',
  'exa*mple.com',
  'fe80::1%eth0',
])('%j is no rule', (rule) => {
  expect(() => new AllowList([rule])).toThrow(expect.objectContaining({ code: 'TUNNEL_OPTION_INVALID' }));
});
