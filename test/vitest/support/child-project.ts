import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installedProject, runIn, type Said } from '../../installed-project.ts';

/** A stranger's project with the package and one version of vitest, of which each test makes what it needs. */
export class ChildProject {
  readonly folder: string;

  constructor(version: string, ...packages: readonly string[]) {
    this.folder = installedProject(null, [`vitest@${version}`, ...packages]);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** What vitest says, and its exit code. */
  vitest(args: string): Said {
    return this.run(`vitest run ${args}`);
  }

  run(command: string): Said {
    return runIn(this.folder, command);
  }

  /** Takes away everything but what is installed. */
  clear(): void {
    for (const name of readdirSync(this.folder))
      if (!/^node_modules$|^package/.test(name)) rmSync(join(this.folder, name), { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The names of the tests that have passed, in what vitest's verbose reporter says. */
export function passedTests(text: string): string[] {
  return [...text.matchAll(/✓ (.*?)(?: \d+ms)?$/gm)].map(([, name = '']) => name).toSorted();
}
