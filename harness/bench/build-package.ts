import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const top = join(import.meta.dirname, '../..');

/** The package as it is published, built from the sources as they stand. `remove` takes it away again. */
export function buildPackage(): { readonly dist: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-dist-'));
  const tsc = join(top, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', join(top, 'tsconfig.build.json'), '--outDir', folder], { stdio: 'pipe' });
  return {
    dist: folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
