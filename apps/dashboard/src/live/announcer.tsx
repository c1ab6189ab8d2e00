import { useEffect, useState } from 'react';
import type { Severity } from '@wary/model/finding.js';
import { summarise } from './announcement.js';
import { useLive } from './live-provider.js';

const EVERY_MS = 10_000;

/** The page's one polite live region for alerts: a summary at most every ten seconds (WCAG 4.1.3). */
export function Announcer() {
  const live = useLive();
  const [text, setText] = useState('');
  useEffect(() => {
    const created = new Map<Severity, number>();
    const stop = live.listen({
      change(change) {
        if (change.kind === 'alert' && change.change === 'created' && !change.alert.historical) created.set(change.alert.severity, (created.get(change.alert.severity) ?? 0) + 1);
      },
    });
    const timer = setInterval(() => {
      setText(summarise(created));
      created.clear();
    }, EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [live]);
  return <div className="visually-hidden" role="status" aria-label="New alerts">{text}</div>;
}
