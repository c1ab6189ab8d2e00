import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { rulesHealthQuery, rulesQuery, tuneRule, type RulesHealth, type RuleSummary } from '../api/rules.js';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import { Segmented } from '../ui/form.js';
import { formatNumber, plural } from '../ui/format.js';
import { SearchBox } from '../ui/search-box.js';
import { SeverityTag } from '../ui/severity.js';
import { errorText } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';
import { RuleUpload } from './rule-upload.js';

type Show = 'all' | 'on' | 'off' | 'problem';
const FILTERS: Readonly<Record<Show, object>> = { all: {}, on: { enabled: true }, off: { enabled: false }, problem: { problem: true } };

export function RulesPage() {
  const { q = '', show = 'all' } = useSearch({ from: '/app/settings/rules' });
  const navigate = useNavigate({ from: '/settings/rules' });
  const may = useMay('rules.edit');
  const query = useInfiniteQuery(rulesQuery({ q, ...FILTERS[show] }));
  const health = useQuery(rulesHealthQuery);
  const [uploading, setUploading] = useState(false);
  const set = (part: { q?: string | undefined; show?: Exclude<Show, 'all'> | undefined }) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  async function toggle(rule: RuleSummary) {
    try {
      await tuneRule(rule, { enabled: !rule.enabled });
      showToast(`${rule.enabled ? 'Switched off' : 'Switched on'}: ${rule.title}`);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <PageHead title="Rules" text="Sigma rules that run on every event. Changes hold from the next event on; what windows have seen so far is kept.">
        <Link className="button plain" to="/settings/rules/coverage">Coverage</Link>
        {may && <Button kind="primary" icon="plus" onClick={() => setUploading(true)}>Upload rules</Button>}
      </PageHead>
      {health.data && <Health health={health.data} />}
      <div className="page-tools">
        <SearchBox label="Search rules" placeholder="Title, id, file or technique" value={q} onChange={(text) => set({ q: text || undefined })} />
        <Segmented label="Show" value={show} options={[['all', 'All'], ['on', 'On'], ['off', 'Off'], ['problem', 'With a problem']]} onChange={(value) => set({ show: value === 'all' ? undefined : value })} />
      </div>
      <Paged query={query} what="rules" icon="filter" empty="Upload a Sigma rule, or name a folder of them in WARY_RULES_DIR.">
        {(rules) => (
          <table className="list compact" aria-label="Rules">
            <thead><tr><th scope="col">Rule</th><th scope="col">Level</th><th scope="col">State</th><th scope="col" className="right">Matches</th><th scope="col">Last</th><th scope="col" className="right">Cost</th>{may && <th scope="col"><span className="visually-hidden">Actions</span></th>}</tr></thead>
            <tbody>
              {rules.map((rule) => (
                <tr key={rule.id}>
                  <td className="list-main"><Link to="/settings/rules/$id" params={{ id: rule.id }} className="row-link">{rule.title}</Link><span className="faint break">{rule.techniques.map(({ id }) => id).join(', ') || rule.id}</span></td>
                  <td data-label="Level"><SeverityTag severity={rule.level} /></td>
                  <td data-label="State"><RuleState rule={rule} /></td>
                  <td data-label="Matches" className="right mono">{formatNumber(rule.health.matches)}</td>
                  <td data-label="Last" className="dim">{rule.health.lastMatchAt === null ? 'never' : <Ago at={rule.health.lastMatchAt} />}</td>
                  <td data-label="Cost" className="right dim">{rule.health.costUs === null ? '–' : `${rule.health.costUs.toFixed(1)} µs`}</td>
                  {may && <td className="list-actions"><Button className="small" aria-label={`${rule.enabled ? 'Switch off' : 'Switch on'} ${rule.title}`} onClick={() => void toggle(rule)}>{rule.enabled ? 'Switch off' : 'Switch on'}</Button></td>}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Paged>
      {uploading && <RuleUpload onClose={() => setUploading(false)} />}
    </>
  );
}

export function RuleState({ rule }: { rule: RuleSummary }) {
  return (
    <span className="tags">
      {!rule.enabled ? <span className="tag">Off</span> : rule.problem ? <span className="tag bad">Does not run</span> : <span className="tag good">Running</span>}
      {rule.health.errors > 0 && <span className="tag bad">{plural(rule.health.errors, 'error')}</span>}
      {rule.exclusions > 0 && <span className="tag accent">{plural(rule.exclusions, 'exclusion')}</span>}
      {rule.origin === 'upload' && <span className="tag">Uploaded</span>}
    </span>
  );
}

function Health({ health }: { health: RulesHealth }) {
  return (
    <>
      <p className="facts-line dim rules-line"><span>{formatNumber(health.running)} of {plural(health.rules, 'rule')} running</span>{health.disabled > 0 && <span>{formatNumber(health.disabled)} off</span>}{health.broken > 0 && <span>{formatNumber(health.broken)} not running</span>}<span>{plural(health.matches, 'match', 'matches')}</span></p>
      {health.problems.length > 0 && (
        <div className="failure" role="status">
          <div className="grow"><p>Files of the rules folder with an error. What ran before runs on.</p>
            <ul>{health.problems.map((problem, index) => <li key={index}><span className="mono">{problem.file}:{problem.line}:{problem.column}</span> {problem.code}: {problem.message}</li>)}</ul>
          </div>
        </div>
      )}
    </>
  );
}
