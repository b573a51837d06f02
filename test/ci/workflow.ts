import { parse } from 'yaml';

/** A workflow of GitHub, as far as the one in docs/ci.md goes. What it does not know of is an error. */
export interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

export interface WorkflowJob {
  readonly needs?: string;
  readonly if?: string;
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly strategy?: {
    readonly 'fail-fast': boolean;
    readonly matrix: Readonly<Record<string, readonly (string | number)[]>>;
  };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

/** One machine's part of a job: its values of the matrix, and of how many. */
export interface JobInstance {
  readonly matrix: Readonly<Record<string, string | number>>;
  readonly total: number;
}

/** A function that asks how the steps before went, the only ones that are used. */
export type Status = 'success' | 'failure';

export function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/** The machines of a job: one for each combination of its matrix. */
export function instancesOf({ strategy }: WorkflowJob): JobInstance[] {
  let all: Record<string, string | number>[] = [{}];
  for (const [name, values] of Object.entries(strategy?.matrix ?? {}))
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  return all.map((matrix) => ({ matrix, total: all.length }));
}

/** A text with its `${{ … }}` filled in. @throws for an expression that GitHub would take for an empty text, or that is not known here. */
export function filledIn(text: string, { matrix, total }: JobInstance): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_all, inside: string) => {
    const expression = inside.trim();
    if (expression === 'strategy.job-total') return String(total);
    const value = matrix[/^matrix\.([\w-]+)$/.exec(expression)?.[1] ?? ''];
    if (value === undefined) throw new Error(`Unknown expression: ${expression}`);
    return String(value);
  });
}

/** Whether a job or a step is begun, after what came before it. Without `if` only after success. */
export function isBegun(condition: string | undefined, before: Status): boolean {
  if (condition === undefined) return before === 'success';
  if (/^\$\{\{ !cancelled\(\) \}\}$/.test(condition)) return true;
  throw new Error(`Unknown condition: ${condition}`);
}
