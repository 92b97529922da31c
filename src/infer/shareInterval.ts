/**
 * A confidence interval of a share by the delta method on the logit scale (eq:shareInterval): it stays between 0 and 1, and
 * leans the way a share near either end does.
 *
 * @param share    strictly between 0 and 1
 * @param error    its standard error
 * @param critical standard errors on either side: 1.96 for 95 %
 * @returns undefined where there is no such interval: a share of 0 or 1, or no error
 * @example
 * shareInterval(0.5, 0, 1.96) // undefined
 */
export function shareInterval(share: number, error: number, critical: number): {readonly low: number; readonly high: number} | undefined {
  if (!(share > 0 && share < 1 && error > 0 && Number.isFinite(error))) return undefined;
  const logit = Math.log(share / (1 - share));
  const reach = (critical * error) / (share * (1 - share));
  return {low: 1 / (1 + Math.exp(reach - logit)), high: 1 / (1 + Math.exp(-reach - logit))};
}
