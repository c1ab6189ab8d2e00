import type { Alert, SuppressionScope } from '@wary/model/alert.js';
import { entityKey } from '@wary/model/entity.js';
import { sentence } from '../ui/format.js';

export type ScopeChoice = 'pair' | 'entity' | 'reason';

const keyOf = (scope: SuppressionScope): string => JSON.stringify([scope.entity ? entityKey(scope.entity) : '', scope.detector ?? '', scope.reason ?? '']);

export function scopeOf(alert: Pick<Alert, 'entity' | 'reason'>, choice: ScopeChoice): SuppressionScope {
  switch (choice) {
    case 'pair': return { entity: alert.entity, reason: alert.reason };
    case 'entity': return { entity: alert.entity };
    case 'reason': return { reason: alert.reason };
  }
}

/** Each different scope with the alerts it stands for. */
export function groupByScope(alerts: readonly Alert[], choice: ScopeChoice): Array<{ scope: SuppressionScope; alerts: Alert[] }> {
  const groups = new Map<string, { scope: SuppressionScope; alerts: Alert[] }>();
  for (const alert of alerts) {
    const scope = scopeOf(alert, choice);
    const key = keyOf(scope);
    const group = groups.get(key);
    if (group) group.alerts.push(alert);
    else groups.set(key, { scope, alerts: [alert] });
  }
  return [...groups.values()];
}

/** In words, for one scope: "volume of alice". */
export function scopeWords(scope: SuppressionScope): string {
  const what = scope.reason ?? scope.detector;
  if (!scope.entity) return `${sentence(what ?? 'alerts')} of everybody`;
  return what ? `${sentence(what)} of ${scope.entity.id}` : `Everything of ${scope.entity.id}`;
}
