import { expect, test } from 'vitest';
import { pollFaults } from '../../harness/explore/campaign-settings.ts';
import { Campaign } from '../../harness/explore/campaign.ts';
import { capsuleDocument } from '../../harness/explore/capsule-document.ts';
import { Findings } from '../../harness/explore/findings.ts';
import { parseScenario } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';

const capsule: Scenario = {
  title: 'conservation, a -> b: run 7 of seed 42',
  dialects: ['checked'],
  options: {},
  seed: 1,
  a: { read: [1] },
  b: {},
  plan: { faults: [{ fault: 'swallow', side: 'b' }] },
  expect: { outcome: 'completed', breaks: ['accounting', 'conservation', 'end-once'] },
  swapped: { not: 'a capsule repeats one run' },
  chunks: { not: 'a capsule repeats one run' },
  versions: { relayscope: '0.1.0', node: '26.0.0' },
};

test('the prose says what the laws say, what it takes, and where it comes from', () => {
  expect(parseScenario(capsuleDocument(capsule), 'story.md').prose).toBe(
    '1 bytes were reported as written, and 0 were taken (accounting, a -> b). The sink was ended after 0 bytes, and the ' +
      'source had given 1 (end-once, a -> b). The copy completed with 1 bytes given and 0 arrived (conservation, a -> b). ' +
      'What it takes: swallow. Found with relayscope 0.1.0, node 26.0.0.',
  );
});

/** A writer that drops its tail sends what it got a moment later, whether it drops anything or not. */
test('a fault that matters without firing is named as one that does not', async () => {
  const late: Scenario = {
    ...capsule,
    plan: { faults: [{ fault: 'shutdown-drops-tail', side: 'b', when: { call: 9 } }] },
    expect: { outcome: 'completed', breaks: ['accounting'] },
  };
  const document = parseScenario(capsuleDocument(late), 'story.md');
  expect(document.scenario.expect.unfired).toEqual(['shutdown-drops-tail']);
  expect((await runDocument(document)).failures).toEqual([]);
  const { unfired: _unfired, ...silent } = document.scenario.expect;
  const { failures } = await runDocument({ ...document, scenario: { ...document.scenario, expect: silent } });
  expect(failures[0]?.mismatches).toEqual([
    { path: 'plan.faults[0]', expected: 'shutdown-drops-tail to fire', got: 'nothing that it could act on' },
  ]);
});

test('a fault that is said not to fire, and does, is not as expected', async () => {
  const scenario = { ...capsule, expect: { ...capsule.expect, unfired: ['swallow'] } };
  const { failures } = await runDocument({ file: 'story.md', prose: 'Prose.', scenario });
  expect(failures[0]?.mismatches).toEqual([
    { path: 'plan.faults[0]', expected: 'swallow not to fire', got: 'an event of it' },
  ]);
});

test('what a campaign over every fault finds runs as a document as it does as a capsule', async () => {
  const faults = pollFaults().map(({ name }) => name);
  const campaign = new Campaign({ seed: 42, dialect: 'checked', faults });
  const findings = new Findings(campaign, {});
  findings.add(campaign.range(0, 2000));
  expect(findings.list.length).toBeGreaterThan(30);
  for (const { capsule: found } of findings.list) {
    const document = parseScenario(capsuleDocument(found), 'story.md');
    const { unfired: _unfired, ...expected } = document.scenario.expect;
    expect({ ...document.scenario, expect: expected, versions: {} }).toEqual(found);
    expect((await runDocument(document)).failures).toEqual([]);
  }
});

test.each(['Two\nlines', '# closed #', '```yaml', 'A trailing hash #', ' '])(
  'a title that is no heading is the same again: %j',
  (title) => {
    const { scenario } = parseScenario(capsuleDocument({ ...capsule, title }), 'story.md');
    expect(scenario.title).toBe(title);
  },
);

test('a fence within the block does not end it', () => {
  const text = `\n\`\`\`\n${'`'.repeat(5)}\n`;
  const { scenario } = parseScenario(capsuleDocument({ ...capsule, a: { read: [{ text }] } }), 'story.md');
  expect(scenario.a.read).toEqual([{ text }]);
});
