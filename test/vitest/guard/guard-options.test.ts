import { expect, test } from 'vitest';
import { guardSettings } from '../../../harness/vitest/guard/guard-options.ts';

/** The settings of the guard: a wrong one has to be seen, or nobody notices that nothing is guarded. */

test('without a setting there is no limit but those of vitest', () => {
  expect(guardSettings({}, {}, 10_000)).toEqual({
    isEnabled: true,
    limitMs: null,
    collectLimitMs: 30_000,
    folder: 'node_modules/.cache/relayscope',
    blockedLimitMs: null,
  });
});

test('the import of a file has at least as long as a hook, if hooks have a limit', () => {
  expect(guardSettings({}, {}, 60_000).collectLimitMs).toBe(60_000);
  expect(guardSettings({}, {}, Infinity).collectLimitMs).toBe(30_000);
});

test('the environment has the last word', () => {
  const env = { RELAYSCOPE_GUARD: 'off', RELAYSCOPE_GUARD_LIMIT_MS: '500', RELAYSCOPE_GUARD_DIR: 'reports' };
  const settings = guardSettings(env, { enabled: true, limitMs: 900, blockedLimitMs: 700, folder: 'elsewhere' }, 0);
  expect(settings).toEqual({
    isEnabled: false,
    limitMs: 500,
    collectLimitMs: 30_000,
    folder: 'reports',
    blockedLimitMs: 700,
  });
});

test.each([
  [
    { RELAYSCOPE_GUARD_LIMIT_MS: '99' },
    {},
    'RELAYSCOPE_GUARD_LIMIT_MS: expected milliseconds from 100 to 2147483646, got 99',
  ],
  [
    { RELAYSCOPE_GUARD_LIMIT_MS: '1s' },
    {},
    'RELAYSCOPE_GUARD_LIMIT_MS: expected milliseconds from 100 to 2147483646, got 1s',
  ],
  [{ RELAYSCOPE_GUARD: 'perhaps' }, {}, 'RELAYSCOPE_GUARD: expected on or off, got perhaps'],
  [
    {},
    { blockedLimitMs: 0.5 },
    'relayscopeGuard.blockedLimitMs: expected milliseconds from 100 to 2147483646, got 0.5',
  ],
  [
    {},
    { limitMs: '2000' as never },
    'relayscopeGuard.limitMs: expected milliseconds from 100 to 2147483646, got the text "2000"',
  ],
  [{}, { enabled: 'off' as never }, 'relayscopeGuard.enabled: expected true or false, got the text "off"'],
  [{}, { folder: 3 as never }, 'relayscopeGuard.folder: expected a path, got 3'],
])('a wrong one says what was expected: %j %j', (env, options, message) => {
  expect(() => guardSettings(env, options, 0)).toThrow(
    expect.objectContaining({ code: 'GUARD_OPTION_INVALID', message: `Wrong setting of the guard: ${message}` }),
  );
});

test('a misspelt one is refused, with the name that was meant', () => {
  expect(() => guardSettings({}, { limit: 300 } as never, 0)).toThrow(
    expect.objectContaining({
      code: 'GUARD_OPTION_INVALID',
      message:
        'Unknown option of relayscopeGuard: expected one of limitMs, collectLimitMs, folder, blockedLimitMs, enabled, got "limit"; did you mean limitMs?',
    }),
  );
  expect(() => guardSettings({ RELAYSCOPE_GUARD_LIMIT: '300' }, {}, 0)).toThrow(
    /^Wrong setting of the guard: the environment: expected one of RELAYSCOPE_GUARD, .*, got RELAYSCOPE_GUARD_LIMIT; did you mean RELAYSCOPE_GUARD_LIMIT_MS\?$/,
  );
});
