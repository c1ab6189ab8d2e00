import type { Alert, Suppression, SuppressionScope } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';

type Suppressible = Pick<Alert, 'entity' | 'detector' | 'reason'>;

/** Every part that the scope names must match; a scope that names nothing hides nothing. */
export function matchesScope(scope: SuppressionScope, alert: Suppressible): boolean {
  const { entity, detector, reason } = scope;
  if (entity === undefined && detector === undefined && reason === undefined) return false;
  return (entity === undefined || (entity.type === alert.entity.type && entity.id === alert.entity.id))
    && (detector === undefined || detector === alert.detector.id)
    && (reason === undefined || reason === alert.reason);
}

/** The wall clock rules suppressions: `until` itself no longer counts. */
export const isRunning = (suppression: Pick<Suppression, 'until'>, now: number): boolean => now < suppression.until;

/** The running suppression that hides this alert; of several the one that lasts longest, so that it is not moved from one to the next. */
export function suppressionFor(suppressions: readonly Suppression[], alert: Suppressible, now: number): Suppression | null {
  let best: Suppression | null = null;
  for (const one of suppressions) if (isRunning(one, now) && matchesScope(one.scope, alert) && (best === null || one.until > best.until)) best = one;
  return best;
}

/** What a new suppression must bring: an end in the future, a reason, and a scope that covers the alert it is made from. */
export function assertSuppression(scope: SuppressionScope, until: number, reason: string, alert: Suppressible, now: number): void {
  const errors: Array<{ path: string; message: string }> = [];
  if (!Number.isSafeInteger(until) || until <= now) errors.push({ path: 'until', message: 'must be a time in the future' });
  if (reason.trim() === '') errors.push({ path: 'reason', message: 'say why this may be hidden' });
  if (!matchesScope(scope, alert)) errors.push({ path: 'scope', message: 'must cover the alert that it is made from' });
  if (errors.length > 0) throw new WaryError('validation_failed', errors.map(({ path, message }) => `${path} ${message}`).join('; '), { errors });
}
