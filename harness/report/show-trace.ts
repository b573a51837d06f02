import type { Io } from '../io.ts';
import { inspectedItems } from './inspected-item.ts';
import { TraceInspector } from './inspect-trace.ts';
import type { TraceInput } from './open-input.ts';
import { Page } from './page.ts';
import { Progress } from './progress.ts';
import { TraceGlance } from './trace-glance.ts';
import { TraceScreen } from './trace-screen.ts';

/** Reads a trace and shows its first screen. */
export async function showTrace(input: TraceInput, io: Io): Promise<void> {
  const inspector = new TraceInspector();
  const glance = new TraceGlance();
  const progress = new Progress(io.stderr, 'records read');
  for await (const item of inspectedItems(input.items, io.signal)) {
    inspector.add(item);
    glance.add(item);
    progress.at(inspector.records);
  }
  progress.clear();
  if (io.signal.aborted) return;
  const page = new Page(io);
  new TraceScreen(page, input, inspector.finish(), glance.finish()).show();
  page.flush();
}
