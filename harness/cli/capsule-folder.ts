import { join } from 'node:path';
import { capsuleDocument } from '../explore/capsule-document.ts';
import { capsuleName, capsuleText } from '../explore/capsule.ts';
import type { Finding } from '../explore/findings.ts';
import { writeWhole, type Written } from '../explore/write-whole.ts';

/** Where a finding is. */
export interface SavedFinding {
  /** Null: it could not be written. */
  readonly path: string | null;
  readonly written: Written;
  /** Null: no document was asked for. */
  readonly story: { readonly path: string; readonly written: Written } | null;
}

export interface CapsuleFolderOptions {
  readonly folder: string;
  /** A document beside each capsule. */
  readonly asScenario: boolean;
  /** Replaces documents, too. Capsules are a program's own, and always replaced. */
  readonly force: boolean;
  readonly settings: { readonly seed: number };
}

/** The files of a campaign's findings, written one after the other while it goes on: whatever ends it, they are there. */
export class CapsuleFolder {
  readonly #options: CapsuleFolderOptions;
  #taken = 0;
  readonly #saved: SavedFinding[] = [];
  #work: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(options: CapsuleFolderOptions) {
    this.#options = options;
  }

  /** Begins to write those findings of the list that are new. */
  save(list: readonly Finding[]): void {
    for (const finding of list.slice(this.#taken)) this.#work = this.#work.then(() => this.#write(finding));
    this.#taken = list.length;
  }

  /** Where the findings are, in their order, once all have been written. */
  async saved(): Promise<readonly SavedFinding[]> {
    await this.#work;
    return this.#saved;
  }

  /** Throws the first error of writing, CAPSULE_UNWRITABLE: after what was found has been told. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async #write({ what, run, capsule }: Finding): Promise<void> {
    const { folder, asScenario, force, settings } = this.#options;
    const path = join(folder, capsuleName(what, settings.seed, run));
    try {
      const written = await writeWhole(path, capsuleText(capsule), { replace: true });
      const storyPath = path.replace(/\.capsule\.json$/, '.md');
      const story = asScenario
        ? { path: storyPath, written: await writeWhole(storyPath, capsuleDocument(capsule), { replace: force }) }
        : null;
      this.#saved.push({ path, written, story });
    } catch (error) {
      this.#failure ??= { error };
      this.#saved.push({ path: null, written: 'kept', story: null });
    }
  }
}
