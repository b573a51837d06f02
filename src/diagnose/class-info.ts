import type { EventKind } from '../trace/event-kind.ts';
import type { FindingClass } from './finding-class.ts';

/** What is always the same of a class. */
export interface ClassInfo {
  /** One line: what goes wrong. */
  readonly summary: string;
  /** What to look at in the code, in a sentence or two. */
  readonly lookAt: string;
  /** Public issues and pull requests where it was seen. */
  readonly seeAlso: readonly string[];
  /**
   * Kinds of event beyond the copy's own calls without which it cannot be judged: a trace that has none of one of these
   * says nothing about it. Each entry is a set of which one is enough.
   */
  readonly needs: readonly (readonly EventKind[])[];
  /** Classes that are its consequence where they come after it on the same connection. */
  readonly explains: readonly FindingClass[];
}

export type ClassInfos<Name extends FindingClass> = Readonly<Record<Name, ClassInfo>>;
