import { describe, expect, test } from 'vitest';
import { blocksOf, missingLine } from './documented-session.ts';

const PAGE = `# A page

\`\`\`ts
// test/one.test.ts
import 'x';
\`\`\`

\`\`\`console
$ vitest run
 ✓ test/one.test.ts
$ false
exit 1
\`\`\`

\`\`\`js
throw new Error('a test of its own');
\`\`\`
`;

describe('the blocks of a page', () => {
  test('are files, sessions and tests, with the line where they begin', () => {
    expect(blocksOf(PAGE)).toEqual([
      { kind: 'file', line: 3, path: 'test/one.test.ts', text: "import 'x';\n" },
      {
        kind: 'session',
        line: 8,
        commands: [
          { command: 'vitest run', lines: [' ✓ test/one.test.ts'], exitCode: 0 },
          { command: 'false', lines: [], exitCode: 1 },
        ],
      },
      { kind: 'test', line: 15, language: 'js', text: "throw new Error('a test of its own');\n" },
    ]);
  });

  test('that nobody can execute are not let through', () => {
    expect(() => blocksOf('```python\nprint(1)\n```\n')).toThrow('Line 1: a block of "python"');
  });
});

describe('what a session says', () => {
  const output = 'a  1\nb (2)\nc 34 ms\n';

  test('comes in order, with anything between, and any white space', () => {
    expect(missingLine(['a 1', '  c … ms'], output)).toBeNull();
  });

  test('is missed where the order or a character differs', () => {
    expect(missingLine(['b (2)', 'a 1'], output)).toBe('a 1');
    expect(missingLine(['b (3)'], output)).toBe('b (3)');
    expect(missingLine(['c ….ms'], output)).toBe('c ….ms');
  });
});
