import type { PolicyRules } from './terms.ts';

/**
 * Where a policy could give more back at a later instant, each by its JSON pointer into the rules. Held for stays of any
 * length and price, so that nothing need be known of a stay to trust a policy.
 */
export function flawsOf({ steps, late, during }: PolicyRules): { pointer: string; message: string }[] {
  const flaws: { pointer: string; message: string }[] = [];
  steps.forEach((step, index) => {
    const before = steps[index - 1];
    if (before && before.hoursBeforeCheckIn <= step.hoursBeforeCheckIn)
      flaws.push({
        pointer: `/steps/${index}/hoursBeforeCheckIn`,
        message: `must be less than ${before.hoursBeforeCheckIn}, that of the step before`,
      });
    if (before && before.percent < step.percent)
      flaws.push({
        pointer: `/steps/${index}/percent`,
        message: `must not exceed ${before.percent}, that of the step before: a later instant never gives more back`,
      });
  });
  const last = steps.at(-1);
  if (last && 100 - late.percentOfRest > last.percent)
    flaws.push({
      pointer: '/late/percentOfRest',
      message: `must be at least ${100 - last.percent}: past all steps no more may come back than at the last`,
    });
  for (const part of ['nights', 'percentOfRest'] as const)
    if (during[part] < late[part])
      flaws.push({
        pointer: `/during/${part}`,
        message: `must be at least ${late[part]}: after check-in no more may come back than right before it`,
      });
  return flaws;
}
