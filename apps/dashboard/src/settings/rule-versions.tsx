import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rollbackRule, ruleVersionQuery, ruleVersionsQuery, type RuleDetail, type RuleVersion } from '../api/rules.js';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import { plural } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { At } from '../ui/time.js';
import { showToast } from '../ui/toast.js';

const WORDS: Readonly<Record<RuleVersion['kind'], string>> = { folder: 'From the rules folder', upload: 'Uploaded', tune: 'Tuned', rollback: 'Rolled back', remove: 'Removed' };

/** Who changed what and when, with the difference, and the way back. */
export function RuleVersions({ rule }: { rule: RuleDetail }) {
  const query = useQuery(ruleVersionsQuery(rule.id));
  if (!query.data) return query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the versions" />;
  return <div className="events">{query.data.items.map((version) => <Version key={version.version} rule={rule} version={version} />)}</div>;
}

function Version({ rule, version: { version, at, by, kind, note, enabled, level, exclusions } }: { rule: RuleDetail; version: RuleVersion }) {
  const [open, setOpen] = useState(false);
  const may = useMay('rules.edit');
  const query = useQuery({ ...ruleVersionQuery(rule.id, version), enabled: open });
  async function back() {
    try {
      await rollbackRule(rule, version);
      showToast(`Back to version ${version}: ${rule.title}`);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <details className="event" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" size={14} />
        <span className="event-time mono"><At at={at} /></span>
        <span className="event-title grow">Version {version}: {WORDS[kind]}{note && <span className="faint"> — {note}</span>}</span>
        <span className="event-amount dim">{by}</span>
      </summary>
      {open && (
        <div className="event-body">
          <p className="facts-line dim"><span>{enabled ? 'On' : 'Off'}</span><span>{level === null ? 'level of the text' : `level ${level}`}</span><span>{plural(exclusions.length, 'exclusion')}</span></p>
          {query.data ? <Diff text={query.data.diff} /> : <Loading label="Loading the difference" />}
          {may && version !== rule.version && <div className="row-actions"><Button className="small" onClick={() => void back()}>Back to version {version}</Button></div>}
        </div>
      )}
    </details>
  );
}

function Diff({ text }: { text: string }) {
  if (text === '') return <p className="dim">The text is the same as before.</p>;
  return <pre className="diff" tabIndex={0} role="region" aria-label="Difference to the version before">{text.replace(/\n$/, '').split('\n').map((line, index) => <span key={index} className={line.startsWith('+') ? 'diff-added' : line.startsWith('-') ? 'diff-removed' : line.startsWith('@@') ? 'diff-place' : undefined}>{line}{'\n'}</span>)}</pre>;
}
