import { expect, test } from 'vitest';
import { bearsToken, checkToken, generateToken } from '../../harness/tunnel/token.ts';
import { containing } from './support/containing.ts';

const token = 'sixteen-letters!';

test.each([
  [`Bearer ${token}`, true],
  [`bearer   ${token}`, true],
  [`Bearer ${token}x`, false],
  [`Bearer ${token.slice(1)}`, false],
  [`Basic ${token}`, false],
  [token, false],
  ['Bearer ', false],
  ['', false],
  [undefined, false],
])('the header %j bears the token: %s', (header, bears) => {
  expect(bearsToken(header, token)).toBe(bears);
});

test('a new token is accepted, and never the same', () => {
  expect(checkToken(generateToken())).toMatch(/^[0-9a-f]{64}$/);
  expect(generateToken()).not.toBe(generateToken());
});

test.each(['', 'short', 'with a space in it', 'x'.repeat(513), 'not-ascii-but-é-long'])('%j is no token', (wrong) => {
  expect(() => checkToken(wrong)).toThrow(expect.objectContaining({ code: 'TUNNEL_OPTION_INVALID' }));
});

test('a token that is refused is not shown', () => {
  expect(() => checkToken('hunter2')).toThrow(expect.not.objectContaining({ message: containing('hunter') }));
});

test('no new token can be taken for an option of a command line', () => {
  const tokens = Array.from({ length: 2000 }, () => generateToken());
  expect(tokens.filter((token) => !/^[0-9a-f]{64}$/.test(token))).toEqual([]);
});
