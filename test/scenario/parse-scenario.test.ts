import { describe, expect, test } from 'vitest';
import { parseScenario, parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import { ScenarioError } from '../../harness/scenario/scenario-error.ts';

const DOCUMENT = `# The request that was counted twice

Prose, with a block that is not ours:

\`\`\`sh
curl --socks5 127.0.0.1:8081 t.cn
\`\`\`

\`\`\`yaml
dialects: [tokio-1.24.1, checked]
seed: 7
a:
  read: [{ text: "GET" }, 65, p]
  write:
    - { d: 1 }
b:
  write: [z, { waitMs: 5 }, { received: 3 }]
plan:
  faults:
    - { fault: count, by: 1, when: { call: 1 } }
expect:
  outcome: spinning
  direction: a -> b
swapped: { not: it is the same by symmetry }
\`\`\`

More prose.
`;

function failureOf(act: () => unknown): ScenarioError {
  try {
    act();
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error('Expected a ScenarioError');
}

test('a document is its heading, its prose and its block', () => {
  const { file, prose, scenario } = parseScenario(DOCUMENT, 'story.md');
  expect(file).toBe('story.md');
  expect(prose).toMatch(/^Prose, .*\n\n```sh\ncurl --socks5 .*\n```$/s);
  expect(scenario).toEqual({
    title: 'The request that was counted twice',
    dialects: ['tokio-1.24.1', 'checked'],
    options: {},
    seed: 7,
    a: { read: [{ text: 'GET' }, 65, 'p'], write: [{ d: 1 }] },
    b: { write: ['z', { waitMs: 5 }, { received: 3 }] },
    plan: { faults: [{ fault: 'count', by: 1, when: { call: 1 } }] },
    expect: { outcome: 'spinning', direction: 'a -> b' },
    swapped: { not: 'it is the same by symmetry' },
  });
});

test('a capsule is the same object as JSON, with its versions', () => {
  const { scenario } = parseScenario(DOCUMENT, 'story.md');
  const capsule = { ...scenario, versions: { relayscope: '0.1.0', node: '26.10.0' } };
  expect(parseScenario(JSON.stringify(capsule, null, 2), 'capsule.json').scenario).toEqual(capsule);
  expect(() => parseScenario('{"title": ', 'capsule.json')).toThrow(/^capsule\.json:1: expected JSON, got /);
  expect(parseScenarioObject(capsule)).toEqual(capsule);
});

describe('what is wrong is told with file, line, path, what was expected and what came', () => {
  const cases: readonly [change: string, to: string, message: string][] = [
    [
      'spinning',
      'hung',
      '22: expect.outcome: expected one of completed, failed, spinning, livelocked, parked, starved, unfinished, got "hung"',
    ],
    [
      '65, p',
      '65, q',
      '13: a.read[2]: expected a count of bytes, "p", "x", "e", { text }, { hex }, { file }, { bytes }, { waitMs }, { received }, { returns }, got "q"',
    ],
    [
      '65, p',
      '-1',
      '13: a.read[1]: expected a count of bytes, "p", "x", "e", { text }, { hex }, { file }, { bytes }, { waitMs }, { received }, { returns }, got -1',
    ],
    ['{ d: 1 }', '{ d: one }', '15: a.write[0].d: expected a whole number from -1073741823 to 1073741823, got "one"'],
    ['text: "GET"', 'hex: "4"', '13: a.read[0].hex: expected an even number of hexadecimal digits, got "4"'],
    ['text: "GET"', 'text: "GET", hex: "47"', '13: a.read[0].hex: expected only text, got "hex"'],
    [
      'tokio-1.24.1',
      'tokio-3.0',
      '10: dialects[0]: expected checked or a tokio release such as tokio-1.24.1 (0.2.0 to 1.x), got "tokio-3.0"',
    ],
    [
      'seed: 7',
      'sead: 7',
      '11: sead: expected one of title, dialects, options, seed, a, b, plan, expect, swapped, chunks, live, versions, property, got "sead"',
    ],
    [
      'fault: count, by: 1',
      'fault: close-lost',
      '20: plan.faults[0].fault: expected a fault of the poll level, in memory, got "close-lost"',
    ],
    [
      'by: 1',
      'buy: 1',
      '20: plan.faults[0].buy: expected a field of count (by, side, half, connection, when, times, forMs), got 1',
    ],
    [
      'seed: 7',
      'options: { bufferBytes: 0 }',
      '11: options.bufferBytes: expected dialects whose buffers have sizes (checked, tokio from 1.38), got tokio-1.24.1',
    ],
    ['seed: 7', '<<: *base', '11: expected YAML without aliases, got *base'],
    ['seed: 7', 'seed: &s 7\nchunks: *s', '12: expected YAML without aliases, got *s'],
    ['seed: 7', 'seed: !js 7', '11: expected YAML, got Unresolved tag: !js'],
    ['seed: 7', 'seed: 7\nseed: 8', '12: expected YAML, got Map keys must be unique'],
    [
      'direction: a -> b',
      'finding: over-report-spin',
      '23: expect.finding: expected one of outcome, direction, code, counts, delivered, breaks, unfired, waits, events, never, findings, golden, got "finding"',
    ],
    [
      'direction: a -> b',
      'golden: /etc/passwd',
      '23: expect.golden: expected a path such as traces/golden/story/off-by-one.ndjson, got "/etc/passwd"',
    ],
    [
      'direction: a -> b',
      'golden: traces/golden/x.ndjson',
      '23: expect.golden: expected one dialect, where there is a golden trace, got 2',
    ],
    [
      'direction: a -> b',
      'never: ["b -> a reads"]',
      '23: expect.never[0]: expected the beginning of the line of an event, such as a -> b write offered 68, got "b -> a reads"',
    ],
    // What is missing is the key that is unknown.
    [
      'outcome: spinning',
      'outcom: spinning',
      '22: expect.outcom: expected one of outcome, direction, code, counts, delivered, breaks, unfired, waits, events, never, findings, golden, got "outcom"',
    ],
    [
      'not: it is the same by symmetry',
      'outcom: spinning',
      '24: swapped.outcom: expected one of outcome, direction, code, counts, delivered, breaks, unfired, waits, events, never, findings, golden, got "outcom"',
    ],
    ['received: 3 }', 'received: 3, wait: 1 }', '17: b.write[2].wait: expected one of received, waitMs, got "wait"'],
    ['not: it is the same by symmetry', 'not: 3', '24: swapped.not: expected a text, got 3'],
    [
      'not: it is the same by symmetry',
      'outcome: hung',
      '24: swapped.outcome: expected one of completed, failed, spinning, livelocked, parked, starved, unfinished, got "hung"',
    ],
    ['# The request that was counted twice', '', '1: expected a heading, # and what it is about, got none'],
    ['```yaml', '```text', '28: expected one yaml block, got none'],
    ['More prose.', '```yaml\n```', '27: expected one yaml block, got a second one'],
    ['symmetry }\n```', 'symmetry }', '9: expected a line ``` that ends this block, got none'],
  ];
  for (const [from, to, message] of cases) {
    test(`${from} → ${to}`, () => {
      const error = failureOf(() => parseScenario(DOCUMENT.replace(from, to), 'story.md'));
      expect(error.message).toBe(`story.md:${message}`);
      expect(error).toMatchObject({ code: 'SCENARIO_MALFORMED', file: 'story.md', line: Number.parseInt(message, 10) });
    });
  }

  test('a document without prose', () => {
    const text = '# Title\n\n```yaml\ndialects: [checked]\nexpect: { outcome: completed }\n```\n';
    expect(failureOf(() => parseScenario(text, 'x.md')).message).toBe(
      'x.md:3: expected prose before the block: what happened, and why it matters, got none',
    );
  });

  test('a capsule, by its line', () => {
    const text = '{\n  "title": "t",\n  "dialects": ["checked"],\n  "expect": { "outcome": "lost" }\n}\n';
    expect(failureOf(() => parseScenario(text, 'c.json')).message).toMatch(
      /^c\.json:4: expect\.outcome: expected one of /,
    );
  });

  test('an object without a file', () => {
    expect(
      failureOf(() => parseScenarioObject({ title: 't', dialects: [], expect: { outcome: 'parked' } })).message,
    ).toBe('Malformed scenario: dialects: expected at least one dialect, got []');
  });
});

test('hostile input is refused, not followed', () => {
  expect(failureOf(() => parseScenario('x'.repeat(4 * 1024 * 1024 + 1), 'big.md')).message).toBe(
    'big.md: expected at most 4194304 bytes, got 4194305',
  );
  const deep = `{"title": ${'['.repeat(200_000)}`;
  expect(failureOf(() => parseScenario(deep, 'deep.json')).code).toBe('SCENARIO_MALFORMED');
  const proto = parseScenarioObject({ title: 't', dialects: ['checked'], expect: { outcome: 'completed' } });
  expect(Object.getPrototypeOf(proto)).toBe(Object.prototype);
});
