import type { Backtest, BacktestAlert, BacktestResult, Recall, VariantOutcome } from '@wary/model/backtest.js';
import { Link } from '@tanstack/react-router';
import { Bar } from '../ui/bar.js';
import { Button } from '../ui/button.js';
import { formatDuration, formatNumber, formatShare, plural, sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { SeverityTag } from '../ui/severity.js';
import { At } from '../ui/time.js';

const share = ({ value, low, high }: { value: number; low: number; high: number }): string => `${formatShare(value)} (likely ${formatShare(low)}–${formatShare(high)})`;
const precision = ({ precision: one }: VariantOutcome): string => (one === null ? 'no verdicts to compare with' : `${one.confirmed} of ${one.judged}: ${share(one)}`);
const recall = (one: Recall | null): string => (one === null ? 'none could be injected' : `${one.found} of ${one.injected}: ${share(one)}`);

export function BacktestView({ backtest, onCancel }: { backtest: Backtest; onCancel: () => void }) {
  const { state, eventsRead, eventsTotal, result, error, truncated } = backtest;
  return (
    <section className="part" aria-label="Backtest">
      <div className={state === 'failed' ? 'preview warn' : 'preview'} role="status">
        <Icon name="clock" />
        <span className="grow">
          {state === 'failed' ? error : state === 'cancelled' ? 'Cancelled.' : state === 'running' ? `${formatNumber(eventsRead)} of ${plural(eventsTotal, 'event')} run through` : <Summary result={result!} />}
          {truncated && ' More events are stored than a backtest takes: it began later.'}
          {state === 'running' && <Bar percent={eventsTotal === 0 ? 0 : (100 * eventsRead) / eventsTotal} />}
        </span>
        {state === 'running' && <Button className="small" onClick={onCancel}>Cancel backtest</Button>}
      </div>
      {result && <Outcome result={result} />}
    </section>
  );
}

function Summary({ result: { difference, events, seconds } }: { result: BacktestResult }) {
  return <><b>{plural(difference.added, 'alert')} more, {formatNumber(difference.removed)} fewer</b>, {formatNumber(difference.same)} as before. {plural(events.period, 'event')} in the period, warmed up by {formatNumber(events.warmUp)} before it, in {formatDuration(seconds * 1000)}.</>;
}

function Outcome({ result }: { result: BacktestResult }) {
  const { current, proposed, added, removed, difference, beyond } = result;
  const detectors = [...new Set([...Object.keys(current.byDetector), ...Object.keys(proposed.byDetector)])].filter((id) => current.byDetector[id] !== proposed.byDetector[id]).sort();
  return (
    <>
      <div className="table-box" tabIndex={0} role="region" aria-label="Outcome">
        <table className="table"><caption className="visually-hidden">Outcome</caption>
          <thead><tr><th scope="col"> </th><th scope="col">As it stands</th><th scope="col">As proposed</th></tr></thead>
          <tbody>
            <tr><th scope="row">Alerts</th><td>{formatNumber(current.alerts)}</td><td>{formatNumber(proposed.alerts)}</td></tr>
            <tr><th scope="row">A day</th><td>{formatNumber(current.alertsPerDay)}</td><td>{formatNumber(proposed.alertsPerDay)}</td></tr>
            {detectors.map((id) => <tr key={id}><th scope="row">{sentence(id)}</th><td>{formatNumber(current.byDetector[id] ?? 0)}</td><td>{formatNumber(proposed.byDetector[id] ?? 0)}</td></tr>)}
            <tr><th scope="row">Confirmed by verdicts</th><td>{precision(current)}</td><td>{precision(proposed)}</td></tr>
            {result.recall && <tr><th scope="row">Injected attacks found</th><td>{recall(result.recall.current)}</td><td>{recall(result.recall.proposed)}</td></tr>}
          </tbody>
        </table>
      </div>
      {result.events.warmUp === 0 && <p className="dim">Nothing is stored before the period: what is usual had to be learned in it, and early alerts are missing.</p>}
      {(beyond.alerts > 0 || beyond.entities > 0) && <p className="dim">Beyond the limits of a backtest: {plural(beyond.alerts, 'alert')} only counted, {plural(beyond.entities, 'entity', 'entities')} compacted.</p>}
      <Alerts title="More alerts" alerts={added} all={difference.added} />
      <Alerts title="Fewer alerts" alerts={removed} all={difference.removed} />
      {result.recall && <Attacks recall={result.recall} />}
    </>
  );
}

function Alerts({ title, alerts, all }: { title: string; alerts: readonly BacktestAlert[]; all: number }) {
  if (all === 0) return null;
  return (
    <div className="table-box tall" tabIndex={0} role="region" aria-label={title}>
      <table className="table"><caption>{title}{all > alerts.length && ` (the gravest ${alerts.length} of ${formatNumber(all)})`}</caption>
        <thead><tr><th scope="col">Time</th><th scope="col">Severity</th><th scope="col">Entity</th><th scope="col">What</th><th scope="col">Verdict</th></tr></thead>
        <tbody>{alerts.map(({ id, firstSeen, severity, entity, title: what, summary, confirmed }) => (
          <tr key={id}><td className="mono"><At at={firstSeen} /></td><td><SeverityTag severity={severity} /></td><td className="mono break"><Link className="link" to="/entities/$type/$id" params={entity}>{entity.id}</Link></td><td title={summary}>{what}</td><td>{confirmed === null ? <span className="faint">none</span> : confirmed ? 'Confirmed' : 'False alarm'}</td></tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function Attacks({ recall: { attacks, left } }: { recall: NonNullable<BacktestResult['recall']> }) {
  const found = (one: boolean): string => (one ? 'found' : 'missed');
  return (
    <>
      <div className="table-box tall" tabIndex={0} role="region" aria-label="Injected attacks">
        <table className="table"><caption>Injected attacks, played by entities of this tenant in a copy of the events</caption>
          <thead><tr><th scope="col">Attack</th><th scope="col">Entity</th><th scope="col">From</th><th scope="col" className="right">Events</th><th scope="col">As it stands</th><th scope="col">As proposed</th></tr></thead>
          <tbody>{attacks.map((attack) => <tr key={attack.id}><td>{sentence(attack.kind)}</td><td className="mono break">{attack.entity.id}</td><td className="mono"><At at={attack.start} /></td><td className="right mono">{formatNumber(attack.events)}</td><td>{found(attack.current)}</td><td>{found(attack.proposed)}</td></tr>)}</tbody>
        </table>
      </div>
      {left.length > 0 && <p className="dim small-text">Left out, since nobody here could play them or the events ended before: {left.map(sentence).join(', ')}.</p>}
    </>
  );
}
