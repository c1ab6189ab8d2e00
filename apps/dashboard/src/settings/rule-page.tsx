import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { removeRule, ruleQuery, tuneRule, type RuleDetail } from '../api/rules.js';
import { useMay } from '../app/session.js';
import { useTitle } from '../app/title.js';
import { techniqueLink } from '../alerts/technique-link.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { CopyButton } from '../ui/copy-button.js';
import { formatNumber } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { SeverityTag, severityWord } from '../ui/severity.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { Ago, At } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { exclusionText } from './exclusion-text.js';
import { RulePreviewBox, useRulePreview } from './rule-preview.js';
import { RuleState } from './rules-page.js';
import { RuleTuning } from './rule-tuning.js';
import { RuleUpload } from './rule-upload.js';
import { RuleVersions } from './rule-versions.js';

export function RulePage() {
  const { id } = useParams({ from: '/app/settings/rules/$id' });
  const query = useQuery(ruleQuery(id));
  useTitle(query.data?.title ?? 'Rule');
  if (!query.data) return <><h1 className="visually-hidden">Rule</h1>{query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the rule" />}</>;
  return <Detail rule={query.data} />;
}

function Detail({ rule }: { rule: RuleDetail }) {
  const navigate = useNavigate();
  const mayEdit = useMay('rules.edit');
  const maySearch = useMay('alerts.work');
  const [open, setOpen] = useState<'tune' | 'edit' | 'remove' | null>(null);
  const preview = useRulePreview();
  async function run(action: () => Promise<unknown>, done: string) {
    try {
      await action();
      if (done !== '') showToast(done);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <nav className="crumbs" aria-label="Where you are"><Link to="/settings/rules" className="link"><Icon name="left" size={14} />Rules</Link></nav>
      <h1 className="page-title">{rule.title}</h1>
      <div className="actions webhook-actions" role="toolbar" aria-label="Actions">
        {mayEdit && <Button kind="primary" onClick={() => setOpen('tune')}>Tune</Button>}
        {mayEdit && <Button onClick={() => void run(() => tuneRule(rule, { enabled: !rule.enabled }), rule.enabled ? 'Switched off' : 'Switched on')}>{rule.enabled ? 'Switch off' : 'Switch on'}</Button>}
        {maySearch && <Button busy={preview.running} onClick={() => void run(() => preview.start({ rule: rule.id }), '')}>Search history</Button>}
        {mayEdit && <Button onClick={() => setOpen('edit')}>Edit</Button>}
        {mayEdit && rule.origin === 'upload' && <Button kind="danger" onClick={() => setOpen('remove')}>Remove</Button>}
      </div>
      {rule.problem && <div className="failure" role="status"><p>It does not run. Line {rule.problem.line}, column {rule.problem.column}: {rule.problem.code}: {rule.problem.message}</p></div>}
      {rule.health.lastError && <div className="failure" role="status"><p>Its last error: {rule.health.lastError}</p></div>}
      <RulePreviewBox preview={preview} />
      <dl className="facts head-facts">
        <div><dt>State</dt><dd><RuleState rule={rule} /></dd></div>
        <div><dt>Level</dt><dd><SeverityTag severity={rule.level} />{rule.ownLevel !== null && rule.ownLevel !== rule.level && <span className="faint"> in the text {severityWord(rule.ownLevel)}</span>}</dd></div>
        <div><dt>Matches</dt><dd>{formatNumber(rule.health.matches)}{rule.health.lastMatchAt !== null && <span className="dim">, last <Ago at={rule.health.lastMatchAt} /></span>} <Link className="link" to="/alerts" search={{ detector: `rule:${rule.id}`, status: 'any' }}>Its alerts</Link></dd></div>
        <div><dt>Cost</dt><dd>{rule.health.costUs === null ? <span className="faint">not measured yet</span> : `${rule.health.costUs.toFixed(2)} µs an evaluation`}</dd></div>
        <div><dt>Version</dt><dd>{rule.version} <span className="dim">by {rule.updatedBy}, <At at={rule.updatedAt} /></span></dd></div>
        <div><dt>From</dt><dd className="mono break">{rule.origin === 'folder' ? rule.file : 'an upload'}</dd></div>
      </dl>
      <div className="columns">
        <div className="column parts">
          <section className="part" aria-labelledby="rule-text">
            <h2 id="rule-text">Text</h2>
            <figure className="snippet"><figcaption>Sigma YAML<CopyButton text={rule.text} label="Copy the rule" /></figcaption><pre tabIndex={0} role="region" aria-label="Text of the rule">{rule.text}</pre></figure>
          </section>
        </div>
        <div className="column parts">
          <section className="part" aria-labelledby="rule-about">
            <h2 id="rule-about">About</h2>
            {rule.description && <p>{rule.description}</p>}
            {rule.runbook && <p className="callout"><Icon name="play" /><span><b>What to do</b>{rule.runbook}</span></p>}
            {rule.falsePositives.length > 0 && <><h3>When it is wrong</h3><ul className="plain-list">{rule.falsePositives.map((each) => <li key={each}>{each}</li>)}</ul></>}
            {rule.techniques.length > 0 && <><h3>Techniques</h3><ul className="techniques">{rule.techniques.map((technique) => { const link = techniqueLink(technique); return <li key={`${technique.framework}${technique.id}`}><span className="tag">{technique.framework}</span>{link ? <a className="mono" href={link} target="_blank" rel="noreferrer noopener">{technique.id}</a> : <span className="mono">{technique.id}</span>}<span className="grow">{technique.name}</span></li>; })}</ul></>}
            {rule.documents.length > 1 && <><h3>Parts</h3><ul className="plain-list">{rule.documents.map((document) => <li key={document.id}>{document.title} <span className="faint">{document.kind}, {formatNumber(document.matches)} matches</span></li>)}</ul></>}
            {rule.tuning.exclusions.length > 0 && <><h3>Exclusions</h3><ul className="plain-list">{rule.tuning.exclusions.map((exclusion, index) => <li key={index}><pre>{exclusionText(exclusion)}</pre>{exclusion.note && <span className="faint">{exclusion.note}</span>}</li>)}</ul></>}
          </section>
          <section className="part" aria-labelledby="rule-versions"><h2 id="rule-versions">Versions</h2><RuleVersions rule={rule} /></section>
        </div>
      </div>
      {open === 'tune' && <RuleTuning rule={rule} onClose={() => setOpen(null)} />}
      {open === 'edit' && <RuleUpload text={rule.text} onClose={() => setOpen(null)} />}
      {open === 'remove' && <ConfirmDialog title="Remove the rule" text={`${rule.title} stops running${rule.file === '' ? '' : ', and the text of the rules folder holds again'}. Its alerts and versions stay.`} verb="Remove" onClose={() => setOpen(null)} onConfirm={async () => { await removeRule(rule); showToast(`Removed: ${rule.title}`); void navigate({ to: '/settings/rules' }); }} />}
    </>
  );
}
