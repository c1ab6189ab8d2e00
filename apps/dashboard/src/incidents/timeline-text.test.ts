import { expect, it } from 'vitest';
import { timelineText } from './timeline-text.js';

it.each([
  [{ kind: 'moved', text: '', from: 'triage', to: 'contain' }, 'Moved from triage to contain'],
  [{ kind: 'moved', text: 'key revoked', from: null, to: 'contain' }, 'Moved to contain: key revoked'],
  [{ kind: 'assigned', text: '', from: null, to: 'bob@example.org' }, 'Assigned to bob@example.org'],
  [{ kind: 'assigned', text: '', from: 'bob@example.org', to: null }, 'Assigned to nobody'],
  [{ kind: 'closed', text: 'drill', from: null, to: null }, 'Closed: drill'],
  [{ kind: 'alert_added', text: '  ', from: null, to: null }, 'Alert attached'],
] as const)('%j → %s', (entry, text) => expect(timelineText(entry)).toBe(text));
