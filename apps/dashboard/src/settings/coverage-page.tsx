import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { coverageQuery, type CoveredFramework } from '../api/rules.js';
import { Segmented } from '../ui/form.js';
import { formatShare, plural } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { Failure, Loading } from '../ui/states.js';
import { PageHead } from './page-head.js';

type Show = 'all' | 'gaps';

/** Techniques by tactic: seen by how many, or a gap. */
export function CoveragePage() {
  const query = useQuery(coverageQuery);
  const [show, setShow] = useState<Show>('all');
  return (
    <>
      <nav className="crumbs" aria-label="Where you are"><Link to="/settings/rules" className="link"><Icon name="left" size={14} />Rules</Link></nav>
      <PageHead title="Coverage" text="Techniques that a rule or detector which runs says it sees, a sub-technique counting for its parent, and those that nothing does. Saying is not seeing: what a source does not send, no rule finds.">
        <Segmented label="Show" value={show} options={[['all', 'All'], ['gaps', 'Gaps']]} onChange={setShow} />
      </PageHead>
      {!query.data ? query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the coverage" /> : query.data.items.map((framework) => <Framework key={framework.framework} framework={framework} show={show} />)}
    </>
  );
}

function Framework({ framework: { framework, version, techniques, covered, tactics }, show }: { framework: CoveredFramework; show: Show }) {
  return (
    <section className="part coverage" aria-label={framework}>
      <h2>{framework} <span className="faint">{version}</span></h2>
      <p className="dim">{covered} of {plural(techniques, 'technique')} ({formatShare(covered / techniques)})</p>
      <div className="coverage-tactics">
        {tactics.map(({ tactic, techniques: list }) => {
          const shown = show === 'gaps' ? list.filter(({ rules }) => rules.length === 0) : list;
          if (shown.length === 0) return null;
          return (
            <section key={tactic} aria-label={`${framework}: ${tactic}`}>
              <h3>{tactic} <span className="faint">{list.filter(({ rules }) => rules.length > 0).length}/{list.length}</span></h3>
              <ul>{shown.map(({ id, name, rules }) => (
                <li key={id} className={rules.length > 0 ? 'covered' : 'gap'}>
                  <span className="mono">{id}</span><span className="grow">{name}</span>
                  {rules.length > 0 ? <Link className="link" to="/settings/rules" search={{ q: id.toLowerCase() }} aria-label={`${rules.length} see ${id}`}>{rules.length}</Link> : <span className="faint">gap</span>}
                </li>
              ))}</ul>
            </section>
          );
        })}
      </div>
    </section>
  );
}
