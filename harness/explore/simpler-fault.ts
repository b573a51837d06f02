import type { FaultEntry } from '../faults/fault-plan.ts';
import { findFault } from '../faults/fault-registry.ts';

/** How a fault could be described more simply, the simplest first. */
export function simplerFaults(entry: FaultEntry): FaultEntry[] {
  const { fault, side, half, when } = entry;
  const place = { fault, ...(side === undefined ? {} : { side }), ...(half === undefined ? {} : { half }) };
  const optional = Object.keys(entry).filter((key) => key !== 'fault' && key !== 'side');
  return [
    place,
    ...(when === undefined ? [] : [{ ...place, when }]),
    ...optional.map((key) => without(entry, key)),
    ...(side === undefined
      ? [
          { ...entry, side: 'a' as const },
          { ...entry, side: 'b' as const },
        ]
      : []),
    ...simplerTriggers(entry),
    ...simplerNumbers(entry),
  ];
}

function simplerTriggers({ when, ...rest }: FaultEntry): FaultEntry[] {
  if (when === undefined) return [];
  const [[kind, at] = ['', 0]] = Object.entries(when);
  const same = kind === 'chance' ? [] : [1, at >> 1, at - 1].filter((n) => n > 0 && n < at).map((n) => ({ [kind]: n }));
  // A moment by its number is simpler than one by chance; weights say which of them are.
  const calls = kind === 'call' ? [] : [1, 2, 3, 4, 5, 6, 7, 8].map((call) => ({ call }));
  // One kind with one number is a trigger.
  return [...same, ...calls].map((simpler) => ({
    ...rest,
    when: simpler as unknown as NonNullable<FaultEntry['when']>,
  }));
}

function simplerNumbers(entry: FaultEntry): FaultEntry[] {
  const own = Object.keys(findFault(entry.fault)?.parameters.shape ?? {});
  return [...own, 'times'].flatMap((key) => {
    const value = entry[key];
    if (typeof value !== 'number' || !Number.isInteger(value) || value <= 1) return [];
    return [
      { ...entry, [key]: 1 },
      { ...entry, [key]: value >> 1 },
    ];
  });
}

function without(entry: FaultEntry, key: string): FaultEntry {
  const rest = Object.entries(entry).filter(([name]) => name !== key);
  return { fault: entry.fault, ...Object.fromEntries(rest) };
}
