/** Other engines than ours, each with a defect that relays really have. */
export const ENGINE_NAMES = [
  'raced-pumps',
  'joined-pumps',
  'forgets-its-place',
  'forgets-its-slice',
  'forgets-the-end',
  'forgets-it-is-done',
] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];
