import { UsageError } from '../cli/usage-error.ts';

/** What a statement may begin with. What else these could do, the database refuses: it is read-only by then. */
const ALLOWED = ['select', 'with', 'values', 'explain'];
const MAX_SQL_CHARS = 100_000;

/** Comments, quoted names and texts, and everything else, one piece at a time. */
const PIECE =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|[^-/'"`[]+|[-/]/g;

/** Checks that a text is one statement that asks and changes nothing. Throws a UsageError. */
export function checkStatement(sql: string): void {
  if (sql.length > MAX_SQL_CHARS) {
    throw new UsageError(`Too long a statement: expected at most ${MAX_SQL_CHARS} characters, got ${sql.length}`);
  }
  const bare = (sql.match(PIECE) ?? [])
    .map((piece) => (/^(?:--|\/\*)/.test(piece) ? ' ' : /^['"`[]/.test(piece) ? 'x' : piece))
    .join('')
    .replace(/[;\s]+$/, '');
  const [first = ''] = /[a-z]+/i.exec(bare) ?? [];
  if (!ALLOWED.includes(first.toLowerCase()) || !/^[\s(]*[a-z]/i.test(bare)) {
    throw new UsageError(`Wrong --sql: expected SELECT or WITH, got ${JSON.stringify(sql.trim().slice(0, 40))}`);
  }
  if (bare.includes(';')) throw new UsageError('Wrong --sql: expected one statement, got several');
}
