import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readForeign } from './support/read-foreign.ts';

/** What another program has written with the wrapper of docs/other-languages.md, around the copy of a real tokio. */

const project = join(import.meta.dirname, '../../fixtures/rust-relay');
const text = (path: string): string => readFileSync(join(project, path), 'utf8');

describe('the committed recordings', () => {
  test('the adapter that counts its header reports 69 of 68 bytes, and the copy says no more', async () => {
    expect(await readForeign(join(project, 'header-counted.ndjson'))).toEqual({
      about: { writer: 'rust-relay', dialect: 'tokio-1.24.2' },
      connections: [{ connection: 1, a: 'client', b: 'origin', sight: 'calls' }],
      calls: ['a -> b read 68 of 8192', 'a -> b write 69 of 68'],
      end: 'exit',
      warnings: [],
      findings: [expect.objectContaining({ class: 'over-report-spin', direction: 'a -> b', half: 'write', seq: 1 })],
    });
  });

  test('its finding has both counts, and the places that a wrapper does not see', async () => {
    const { findings } = await readForeign(join(project, 'header-counted.ndjson'));
    expect(findings.map(({ evidence }) => evidence.numbers)).toEqual([
      expect.objectContaining({ offered: 68, reported: 69, pos: 69, cap: 68 }),
    ]);
  });

  test('the right one completes', async () => {
    expect(await readForeign(join(project, 'right.ndjson'))).toEqual({
      about: { writer: 'rust-relay', dialect: 'tokio-1.24.2' },
      connections: [{ connection: 1, a: 'client', b: 'origin', sight: 'calls' }],
      calls: [
        'a -> b read 68 of 8192',
        'a -> b write 68 of 68',
        'a -> b read pending of 8192',
        'a -> b flush 0',
        'b -> a read pending of 8192',
        'a -> b read pending of 8192',
        'b -> a read 71 of 8192',
        'b -> a write 71 of 71',
        'b -> a read 0 of 8192',
        'b -> a flush 0',
        'b -> a shutdown 0',
        'a -> b read 0 of 8192',
        'a -> b flush 0',
        'a -> b shutdown 0',
      ],
      end: 'closed',
      warnings: [],
      findings: [],
    });
  });

  test('name the release that the program is built with', () => {
    expect(text('Cargo.toml')).toContain('tokio = { version = "=1.24.2"');
    expect(text('src/main.rs')).toContain('"dialect":"tokio-1.24.2"');
  });
});

test('the wrapper in the document is the one that has recorded', () => {
  const document = text('../../docs/other-languages.md');
  const [wrapper] = [...document.matchAll(/^```rust\n([^]*?)^```$/gm)].map(([, code]) => code);
  expect(wrapper).toBe(text('src/traced.rs'));
});
