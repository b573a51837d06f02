/**
 * What is used of vitest's tasks, and of the state that its workers keep under `__vitest_worker__`. The tasks are public;
 * the state is not, and may look otherwise in a release to come: every use of it has to do without.
 */
export interface GuardedTask {
  readonly id: string;
  readonly name: string;
  readonly type: 'test' | 'suite';
  readonly suite?: GuardedTask | undefined;
  readonly file: GuardedFile;
  readonly tasks?: readonly GuardedTask[];
  readonly timeout?: number;
  /** Handlers for the test's end that it has asked for while it runs. */
  readonly onFinished?: readonly unknown[] | undefined;
  readonly onFailed?: readonly unknown[] | undefined;
  readonly meta: object;
  readonly location?: { readonly line: number } | undefined;
  readonly result?: GuardedResult | undefined;
}

export interface GuardedFile extends GuardedTask {
  readonly filepath: string;
}

export interface GuardedResult {
  readonly state: string;
  readonly startTime?: number;
  readonly errors?: readonly object[] | undefined;
  /** Of vitest 5, where a test is retried or repeated: it shows the errors of these. */
  readonly attempts?: readonly object[];
  readonly retryCount?: number;
  readonly repeatCount?: number;
  readonly hooks?: Readonly<Partial<Record<HookName, string>>>;
}

export type HookName = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

export interface VitestState {
  readonly current?: GuardedTask | undefined;
  readonly filepath?: string;
  readonly config?: {
    /** Of vitest 4: `benchmark` or `test`. */
    readonly mode?: string;
    readonly root?: string;
    readonly testTimeout?: number;
    readonly hookTimeout?: number;
    readonly isolate?: boolean;
    readonly bail?: number;
  };
  readonly ctx?: { readonly pool?: string; readonly files?: readonly { readonly filepath: string }[] };
  readonly rpc?: {
    readonly onTaskUpdate?: (packs: readonly unknown[], events: readonly unknown[]) => unknown;
    readonly onCancel?: (reason: string) => unknown;
  };
}

/** The state of this worker; null where vitest keeps none under this name. */
export function vitestState(): VitestState | null {
  const state = (globalThis as { __vitest_worker__?: VitestState | null }).__vitest_worker__;
  return typeof state === 'object' ? state : null;
}
