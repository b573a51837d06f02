import type { Ledger } from '../ledger.ts';

/** What a sink got is what its source gave, in order, nothing twice. To be asked after each write. */
export function checkOrder({ differsAt, given, taken }: Ledger): string | null {
  if (differsAt === -1) return null;
  if (differsAt >= given) return `The sink got ${taken} bytes, and the source had given ${given}`;
  return `Byte ${differsAt} of the sink is not the one that the source gave there`;
}

/** All of it has arrived. To be asked when the copy says that it is complete. */
export function checkWhole({ differsAt, given, taken, ended }: Ledger): string | null {
  if (differsAt !== -1) return null;
  if (taken !== given) return `The copy completed with ${given} bytes given and ${taken} arrived`;
  return ended ? null : `The copy completed after ${given} bytes, before the source had ended`;
}
