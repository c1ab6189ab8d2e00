import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { changeDetector, detectorsQuery, type DetectorView } from '../api/admin.js';
import { backtestQuery, backtestsQuery, cancelBacktest, startBacktest } from '../api/backtests.js';
import { useMay } from '../app/session.js';
import { useTitle } from '../app/title.js';
import { Button } from '../ui/button.js';
import { Field, Form } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { EmptyState, errorText, Failure, Loading } from '../ui/states.js';
import { showToast } from '../ui/toast.js';
import { BacktestView } from './backtest-result.js';
import { changeOf, draftOf } from './detector-change.js';
import { DetectorFields } from './detector-fields.js';

const DAYS = [7, 14, 30, 60, 90] as const;

/** "Try this change on the last days", from a detector's settings. */
export function BacktestPage() {
  const { id } = useParams({ from: '/app/settings/detectors/$id/backtest' });
  const may = useMay('detectors.tune');
  const query = useQuery(detectorsQuery);
  const detector = query.data?.items.find((one) => one.id === id);
  useTitle(detector ? `Try ${detector.name}` : 'Try a change');
  if (!may) return <><h1 className="page-title">Try a change</h1><EmptyState icon="mute" title="Your role does not tune detectors" /></>;
  if (!query.data) return <><h1 className="visually-hidden">Try a change</h1>{query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the detector" />}</>;
  if (!detector) return <><h1 className="page-title">Try a change</h1><EmptyState icon="mute" title="There is no such detector" /></>;
  return <Try key={detector.settingsVersion} detector={detector} />;
}

function Try({ detector }: { detector: DetectorView }) {
  const [draft, setDraft] = useState(() => draftOf(detector));
  const [days, setDays] = useState('14');
  const [budget, setBudget] = useState('');
  const [inject, setInject] = useState(false);
  const [started, setStarted] = useState<string | null>(null);
  // One that somebody began before is shown until another is begun here.
  const latest = useQuery(backtestsQuery).data?.items.find(({ change }) => change.detectors.some(({ id }) => id === detector.id));
  const shown = started ?? latest?.id ?? null;
  const query = useQuery({ ...backtestQuery(shown ?? ''), enabled: shown !== null });
  const backtest = shown === null ? undefined : query.data;
  const change = changeOf(detector, draft);

  async function run() {
    if (change === null && budget.trim() === '' && !inject) throw new Error('Change something first, or ask for attacks to be injected.');
    setStarted((await startBacktest({ days: Number(days), inject, budgetPerDay: budget.trim() === '' ? null : Number(budget), detectors: change === null ? [] : [{ id: detector.id, ...change }] })).id);
  }
  async function attempt(action: () => Promise<unknown>, done: string) {
    try {
      await action();
      if (done !== '') showToast(done);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <nav className="crumbs" aria-label="Where you are"><Link to="/settings/detectors" className="link"><Icon name="left" size={14} />Detectors</Link></nav>
      <h1 className="page-title">Try {detector.name}</h1>
      <p className="dim page-text">Both ways to run the detectors, over the same stored events: what each would have alerted about. Nothing is changed by trying. Rules and suppressions are left out.</p>
      <div className="backtest-form"><Form submit="Try it" onSubmit={run}>
        <Field label="State"><select value={draft.enabled ? 'on' : 'off'} onChange={(event) => setDraft({ ...draft, enabled: event.target.value === 'on' })}><option value="on">On</option><option value="off">Off</option></select></Field>
        <DetectorFields detector={detector} draft={draft} onChange={setDraft} />
        <Field label="Alert budget" hint="False alarms a day for all statistical detectors; empty for the present one"><input type="number" step="any" min={0.01} max={1_000} value={budget} onChange={(event) => setBudget(event.target.value)} /></Field>
        <Field label="Period"><select value={days} onChange={(event) => setDays(event.target.value)}>{DAYS.map((each) => <option key={each} value={each}>The last {each} days</option>)}</select></Field>
        <label className="check"><input type="checkbox" checked={inject} onChange={(event) => setInject(event.target.checked)} />Also put simulated attacks into a copy of the events, and see which are found (takes twice the time)</label>
      </Form></div>
      {backtest && <BacktestView backtest={backtest} onCancel={() => void attempt(async () => { await cancelBacktest(backtest.id); await query.refetch(); }, '')} />}
      {backtest?.state === 'done' && started !== null && change !== null && (
        <div className="row-actions"><Button onClick={() => void attempt(() => changeDetector(detector, change), `Tuned: ${detector.name}`)}>Make this change</Button></div>
      )}
    </>
  );
}
