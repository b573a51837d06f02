/** relayscope/vitest/config: for a vitest.config.ts. It loads nothing of what tests load. */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { checkOptionNames } from '../check-option-names.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import { checkValues, DOCUMENT_OPTIONS, type DocumentOptions } from './documents/document-options.ts';

export type { DocumentOptions } from './documents/document-options.ts';
/** With it comes the type of `provide.relayscopeGuard`. */
export type { GuardOptions } from './guard/guard-options.ts';

export interface DocumentsOptions extends DocumentOptions {
  /** Every `.md` below it, but for READMEs, is a test file. One or more, from the project's root. Default: `scenarios`. */
  readonly folder?: string | readonly string[];
}

/** What vitest includes if it is told nothing. */
const DEFAULT_INCLUDE = '**/*.{test,spec}.?(c|m)[jt]s?(x)';
const CAPSULES = '**/*.capsule.json';
/** A capsule that a module imports, as the JSON that it is: a module of no name that Vite takes for JSON, or for the test. */
const DATA = { before: '\0relayscope:', after: '.js' };

/**
 * Plugins that make each scenario document of a folder, and each `*.capsule.json` of the project, a test file of its own: `--shard`
 * spreads them over machines, a changed document runs again in watch mode, and a path on the command line picks one out.
 *
 * Throws SCENARIO_OPTION_INVALID; and SCENARIO_UNREADABLE, once the root is known, for a folder that is not there: a run without
 * documents would pass.
 *
 * @example
 * export default defineConfig({ plugins: [documents({ folder: 'scenarios' })] });
 */
export function documents(given: DocumentsOptions = {}): Plugin[] {
  checkOptionNames('SCENARIO_OPTION_INVALID', 'documents()', given, { folder: true, ...DOCUMENT_OPTIONS });
  const { folder, ...options } = given;
  checkValues(options);
  const folders = foldersOf(folder ?? 'scenarios');
  let root = process.cwd();
  const isDocument = (id: string): boolean =>
    id.endsWith('.capsule.json') ||
    (id.endsWith('.md') && folders.some((one) => id.startsWith(join(resolve(root, one), sep))));
  return [
    {
      name: 'relayscope:documents',
      enforce: 'pre',
      config(config: { readonly test?: { readonly include?: readonly string[] } }) {
        // Lists are joined: what is there is kept, and what would be there by default has to be said.
        const own = config.test?.include === undefined ? [DEFAULT_INCLUDE] : [];
        return { test: { include: [...own, ...folders.map((one) => `${one}/**/!(README).md`), CAPSULES] } };
      },
      configResolved(config) {
        root = config.root;
        // Without the one that is there by default, a project may still have capsules.
        if (folder !== undefined) for (const one of folders) checkFolder(one, root);
      },
      async resolveId(source, importer, given) {
        // A test file comes with its whole path, and an importer that Vite makes up.
        if (isAbsolute(source) || !source.endsWith('.capsule.json')) return null;
        const found = await this.resolve(source, importer, { ...given, skipSelf: true });
        return found === null ? null : `${DATA.before}${found.id}${DATA.after}`;
      },
      async load(id) {
        if (id.startsWith(DATA.before)) {
          const file = id.slice(DATA.before.length, -DATA.after.length);
          return `export default ${await readFile(file, 'utf8')}`;
        }
        // What cannot be read, or is no JSON, is for its test to say.
        return isDocument(id) ? (id.endsWith('.json') ? 'null' : '') : null;
      },
    },
    {
      name: 'relayscope:documents-as-tests',
      // After Vite's own: to that a capsule is JSON.
      enforce: 'post',
      transform(_code, id) {
        if (!isDocument(id)) return null;
        // Not the door: each of these files loads all that it imports, and nothing else of that is used.
        const source = JSON.stringify(fileURLToPath(siblingModule(import.meta.url, 'documents/scenario-test')));
        const given = `${JSON.stringify(id)}, ${JSON.stringify(options, (_name, value: unknown) => (value === Infinity ? 0 : value))}`;
        return { code: `import { scenarioTest } from ${source};\nscenarioTest(${given});\n`, map: { mappings: '' } };
      },
    },
  ];
}

function foldersOf(folder: unknown): readonly string[] {
  const folders: readonly unknown[] = Array.isArray(folder) ? folder : [folder];
  const isPath = (one: unknown): one is string => typeof one === 'string' && one !== '';
  if (folders.length > 0 && folders.every(isPath)) return folders;
  throw new RelayscopeError(
    'SCENARIO_OPTION_INVALID',
    `Wrong folder of documents(): expected a path from the project's root, or a list of them, got ${JSON.stringify(folder)}`,
  );
}

function checkFolder(folder: string, root: string): void {
  if (statSync(resolve(root, folder), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new RelayscopeError('SCENARIO_UNREADABLE', `${folder}: expected a folder of documents in ${root}, got none`);
}
