import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { registersQuery } from '../api/admin.js';
import { formatNumber, sentence } from '../ui/format.js';
import { Failure, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { PageHead } from './page-head.js';
import { REGISTERS } from './register-columns.js';

export function RegistersPage() {
  const query = useQuery(registersQuery);
  return (
    <>
      <PageHead title="Registers" text="What is known of the organisation. Events are read in its light, and every version is kept." />
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the registers" /> : (
        <table className="list" aria-label="Registers">
          <thead><tr><th scope="col">Register</th><th scope="col" className="right">Rows</th><th scope="col" className="right">Version</th><th scope="col">Changed</th></tr></thead>
          <tbody>
            {query.data.items.map(({ register, rows, version, at, by }) => (
              <tr key={register}>
                <td className="list-main"><Link to="/settings/registers/$name" params={{ name: register }} className="row-link">{sentence(register)}</Link><span className="faint">{REGISTERS[register].text}</span></td>
                <td data-label="Rows" className="right mono">{formatNumber(rows)}</td>
                <td data-label="Version" className="right mono">{version}</td>
                <td data-label="Changed" className="dim">{at === null ? 'Never' : <><Ago at={at} />{by && ` by ${by}`}</>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
