import { expect, test } from 'vitest';
import { withoutUs } from '../../src/register/without-us.ts';

const self = 'file:///home/x/node_modules/relayscope/dist/src/register.js';
const inFolder = (...flags: string[]): string[] => withoutUs(flags, self, '/home/x');

test.each([
  [['--import', 'relayscope/register', '--inspect'], ['--inspect']],
  [['--import=relayscope/register'], []],
  [['-r', 'relayscope/register', '--require=relayscope/register'], []],
  [['--import', self], []],
  [['--import', './node_modules/relayscope/dist/src/register.js'], []],
  [['--import=/home/x/node_modules/relayscope/dist/src/register.js'], []],
])('%j is left as %j', (flags, left) => {
  expect(inFolder(...flags)).toEqual(left);
});

test.each([
  [['--import', 'other/register']],
  [['--import', './register.js']],
  [['--import=data:text/javascript,1']],
  [['--import']],
  [['-e', 'relayscope/register']],
])('%j is left alone', (flags) => {
  expect(inFolder(...flags)).toEqual(flags);
});
