import type { Breach } from '../breach.ts';

/** A law that is broken only where wakes come from inside a poll. If it is broken elsewhere, too, that says more. */
export function onlyFromInside(breach: Breach): Breach {
  const { law, message, mayFollowFrom } = breach;
  return {
    ...breach,
    law: 're-entrancy',
    message: `Only where a wake comes from inside a poll: ${message}`,
    mayFollowFrom: [law, ...mayFollowFrom],
  };
}
