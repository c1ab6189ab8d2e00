import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { cancelPreview, previewQuery, startPreview, type PreviewSample, type RuleExclusion, type RulePreview } from '../api/rules.js';
import { Bar } from '../ui/bar.js';
import { Button } from '../ui/button.js';
import { formatNumber, plural } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { At } from '../ui/time.js';

const DAYS = 14;
const SAMPLES_SHOWN = 8;

export interface RunningPreview { readonly view: RulePreview | undefined; readonly running: boolean; start(what: { rule: string; exclusions?: readonly RuleExclusion[] }): Promise<void>; cancel(): void }

/** A search over the stored events of two weeks, asked again until it has ended. */
export function useRulePreview(): RunningPreview {
  const [id, setId] = useState<string | null>(null);
  const query = useQuery({ ...previewQuery(id ?? ''), enabled: id !== null });
  const view = id === null ? undefined : query.data;
  return {
    view, running: id !== null && (view === undefined || view.state === 'running'),
    async start(what) { setId((await startPreview({ ...what, days: DAYS })).id); },
    cancel() { if (id !== null) void cancelPreview(id).then(() => query.refetch()); },
  };
}

export function RulePreviewBox({ preview: { view, running, cancel } }: { preview: RunningPreview }) {
  if (view === undefined) return null;
  const { matches, samples, eventsRead, eventsTotal, entities, state, error } = view;
  return (
    <section className="part rule-preview" aria-label="Preview">
      <div className="preview" role="status">
        <Icon name="clock" />
        <span className="grow">
          {state === 'failed' ? error : <><b>{plural(matches.after, 'match', 'matches')}</b> of {plural(entities, 'entity', 'entities')} in {DAYS} days{matches.before !== matches.after || matches.hidden > 0 ? `; ${formatNumber(matches.before)} as it stands, ${formatNumber(matches.hidden)} hidden` : ''}. {formatNumber(eventsRead)} of {plural(eventsTotal, 'event')} read{state === 'cancelled' ? ', then cancelled' : ''}{view.truncated ? '; the limit was reached' : ''}.</>}
          {running && <Bar percent={eventsTotal === 0 ? 0 : (100 * eventsRead) / eventsTotal} />}
        </span>
        {running && <Button className="small" onClick={cancel}>Cancel search</Button>}
      </div>
      {samples.hidden.length > 0 && <Samples title="Hidden" samples={samples.hidden} />}
      {samples.kept.length > 0 && <Samples title="Matched" samples={samples.kept} />}
    </section>
  );
}

function Samples({ title, samples }: { title: string; samples: readonly PreviewSample[] }) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={title}>
      <table className="table"><caption>{title}</caption>
        <thead><tr><th scope="col">Time</th><th scope="col">Entity</th><th scope="col" className="right">Events</th></tr></thead>
        <tbody>{samples.slice(0, SAMPLES_SHOWN).map(({ time, entity, eventIds }, index) => <tr key={index}><td className="mono"><At at={time} seconds /></td><td className="mono break"><Link className="link" to="/entities/$type/$id" params={entity}>{entity.id}</Link></td><td className="right mono">{eventIds.length}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
