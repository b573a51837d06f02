/** The ways a bidirectional copy hangs, lies or loses bytes, by family; docs/findings.md tells of each. */
export const FAMILIES = {
  accounting: [
    'over-report-spin',
    'over-report-masked',
    'os-over-report',
    'partial-over-report',
    'retry-grown',
    'retry-shrunk',
    'under-report',
    'zero-write',
    'read-cursor-regression',
    'zero-capacity',
    'false-eof',
    'resume-offset-lost',
  ],
  'wake-ups': [
    'pending-without-waker',
    'inner-ready-outer-pending',
    'waker-overwritten',
    'masked-stall',
    'leftover-not-drained',
    'readiness-lost',
    'close-does-not-wake',
    'deferred-wake-lost',
  ],
  livelock: [
    'self-wake-storm',
    'never-yields',
    'direction-starved',
    'polled-after-done',
    'read-after-eof',
    'hang-up-loop',
  ],
  'flush-and-shutdown': [
    'missed-flush',
    'needs-flush-to-accept',
    'flush-abandoned',
    'flush-lies',
    'shutdown-drops-tail',
    'shutdown-not-idempotent',
    'shutdown-waits-for-peer',
    'shutdown-error-kills-both',
  ],
  termination: ['half-close-linger', 'premature-teardown', 'eof-not-propagated', 'shutdown-is-full-close', 'dead-peer'],
  'back-pressure': ['mutual-write-deadlock', 'control-frame-coupling', 'credit-leak', 'no-backpressure'],
  loss: ['buffered-data-lost'],
} as const;

export type FamilyName = keyof typeof FAMILIES;
export type FindingClass = (typeof FAMILIES)[FamilyName][number];

export const FINDING_CLASSES: readonly FindingClass[] = Object.values(FAMILIES).flat();
