import { describe, expect, test } from 'vitest';
import { takeSettings } from '../../src/register/settings.ts';

test('nothing set: a bounded trace in the current folder, once something is stuck', () => {
  expect(takeSettings({}, 77)).toEqual({
    tracePath: 'relayscope-77.trace',
    traceWhen: 'stuck',
    maxTraceBytes: 268_435_456,
  });
});

test('everything set', () => {
  const env = {
    RELAYSCOPE_TRACE: '/tmp/a-%p/%p.trace',
    RELAYSCOPE_LIMIT_MS: '1000',
    RELAYSCOPE_REPORT: 'none',
    RELAYSCOPE_MAX_TRACE: '1.5M',
    RELAYSCOPE_PAYLOAD: 'redacted',
  };
  expect(takeSettings(env, 77)).toEqual({
    tracePath: '/tmp/a-77/77.trace',
    limitMs: 1000,
    report: 'none',
    maxTraceBytes: 1_572_864,
    recorder: { payload: { level: 'redacted' } },
  });
});

test('an empty RELAYSCOPE_TRACE is no trace at all', () => {
  expect(takeSettings({ RELAYSCOPE_TRACE: '' }, 77)).toEqual({ maxTraceBytes: 268_435_456 });
});

test.each([
  ['relay.trace', 'relay-%p.trace'],
  ['/var/log/relay', '/var/log/relay-%p'],
  ['a.b/relay', 'a.b/relay-%p'],
  ['relay-%p.trace', 'relay-%p.trace'],
])('children that inherit RELAYSCOPE_TRACE=%s write to %s', (given, left) => {
  const env = { RELAYSCOPE_TRACE: given };
  takeSettings(env, 77);
  expect(env.RELAYSCOPE_TRACE).toBe(left);
});

describe('a wrong value is named', () => {
  test.each([
    ['RELAYSCOPE_LIMIT_MS', 'soon', 'Wrong RELAYSCOPE_LIMIT_MS: expected milliseconds, 50 to 3600000, got "soon"'],
    ['RELAYSCOPE_LIMIT_MS', '10', 'Wrong RELAYSCOPE_LIMIT_MS'],
    ['RELAYSCOPE_REPORT', 'stdout', 'Wrong RELAYSCOPE_REPORT: expected stderr or none, got "stdout"'],
    ['RELAYSCOPE_MAX_TRACE', '1k', 'Wrong RELAYSCOPE_MAX_TRACE: expected a size from 1M, such as 64M, got "1k"'],
    ['RELAYSCOPE_MAX_TRACE', 'much', 'got "much"'],
    ['RELAYSCOPE_PAYLOAD', 'yes', 'Wrong RELAYSCOPE_PAYLOAD: expected full or redacted, got "yes"'],
    ['RELAYSCOPE_TRACE', 'a\0b', 'Wrong RELAYSCOPE_TRACE: expected the path of a file'],
  ])('%s=%s', (name, value, message) => {
    expect(() => takeSettings({ [name]: value }, 77)).toThrow(message);
  });
});
