import type { Ledger } from '../ledger.ts';

/** The end is passed on once, after all bytes. To be asked after each shutdown that is said to be done. */
export function checkEnd({ ended, ends, given, taken }: Ledger): string | null {
  if (ends > 1) return `The sink was ended ${ends} times`;
  if (!ended) return `The sink was ended after ${taken} bytes, and the source had not ended`;
  if (taken !== given) return `The sink was ended after ${taken} bytes, and the source had given ${given}`;
  return ends === 1 ? null : 'The end was said to be passed on, and the sink did not see it';
}

/** It was passed on at all. To be asked when the copy says that it is complete. */
export function checkPassedOn({ ends }: Ledger): string | null {
  return ends > 0 ? null : 'The copy completed, and the end was not passed on';
}
