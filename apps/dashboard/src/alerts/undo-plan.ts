import type { Alert } from '@wary/model/alert.js';
import type { AlertAct } from '../api/actions.js';
import type { Plan } from './run-plans.js';

/** How to take an act back: by further acts, by deleting suppressions, or (null) not at all, because the API has no such move. */
export type Undo = { readonly plans: readonly Plan[]; readonly suppressionIds: readonly string[] } | null;

/** `before` are the alerts as they were on the screen, `after` the same ones as the API answered. */
export function undoOf(act: AlertAct, before: readonly Alert[], after: readonly Alert[]): Undo {
  switch (act.kind) {
    case 'resolve':
      return after.length === 0 ? null : { plans: [{ alerts: after, act: { kind: 'reopen' } }], suppressionIds: [] };
    case 'assign': {
      const was = new Map(before.map(({ id, assignee }) => [id, assignee]));
      const groups = new Map<string | null, Alert[]>();
      for (const alert of after) {
        const assignee = was.get(alert.id) ?? null;
        if (assignee !== alert.assignee) groups.set(assignee, [...(groups.get(assignee) ?? []), alert]);
      }
      return groups.size === 0 ? null : { plans: [...groups].map(([assignee, alerts]) => ({ alerts, act: { kind: 'assign', assignee } })), suppressionIds: [] };
    }
    case 'suppress': {
      const suppressionIds = [...new Set(after.flatMap(({ suppressionId }) => suppressionId ?? []))];
      return suppressionIds.length === 0 ? null : { plans: [], suppressionIds };
    }
    case 'acknowledge':
    case 'reopen':
    case 'notes':
      return null;
  }
}
