import { RelayscopeError } from '../../src/errors.ts';
import { capsuleDocument } from '../explore/capsule-document.ts';
import { writeWhole } from '../explore/write-whole.ts';
import { readDocument } from '../scenario/find-documents.ts';
import { UsageError } from './usage-error.ts';

/**
 * Writes a capsule as a scenario document. Throws a UsageError unless it is one file that becomes an `.md`, SCENARIO_UNREADABLE,
 * SCENARIO_MALFORMED, and CAPSULE_UNWRITABLE, also where another document is there and `force` is not given.
 * @returns the document's path.
 */
export async function asScenario(
  files: readonly string[],
  path: string,
  { force = false }: { readonly force?: boolean | undefined },
): Promise<string> {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0)
    throw new UsageError(`Too many paths: expected one capsule with --as-scenario, got ${files.length}`);
  if (!path.endsWith('.md'))
    throw new UsageError(
      `Not a document: expected a name that ends in .md after --as-scenario, got ${JSON.stringify(path)}`,
    );
  const { prose, scenario } = await readDocument(file);
  if (prose !== '') throw new UsageError(`A document already: expected a capsule, got ${JSON.stringify(file)}`);
  const written = await writeWhole(path, capsuleDocument(scenario), { replace: force });
  if (written === 'kept')
    throw new RelayscopeError(
      'CAPSULE_UNWRITABLE',
      `Cannot write ${path}: it is there already, and --force is not given`,
    );
  return path;
}
