import type { RegisterName } from '@wary/model/registers.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useRef, useState, type ChangeEvent } from 'react';
import { registerQuery, removeRegisterRow, replaceRegister, type RegisterRowData } from '../api/admin.js';
import { useMay } from '../app/session.js';
import { Button, IconButton } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { plural, sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { SearchBox } from '../ui/search-box.js';
import { errorText } from '../ui/states.js';
import { showToast } from '../ui/toast.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';
import { cellText, REGISTERS } from './register-columns.js';
import { RegisterRowForm } from './register-row-form.js';

export function RegisterPage() {
  const { name } = useParams({ from: '/app/settings/registers/$name' });
  if (!Object.hasOwn(REGISTERS, name)) return <h1 className="page-title">There is no register {name}</h1>;
  return <Register key={name} name={name as RegisterName} />;
}

function Register({ name }: { name: RegisterName }) {
  const may = useMay('registers.edit');
  const [q, setQ] = useState('');
  const query = useInfiniteQuery(registerQuery(name, q));
  const [edited, setEdited] = useState<RegisterRowData | 'new' | null>(null);
  const [file, setFile] = useState<{ name: string; text: string; mediaType: 'text/csv' | 'application/json' } | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { text, columns } = REGISTERS[name];
  const first = query.data?.pages[0];
  const version = first?.version ?? 0;

  async function pick(event: ChangeEvent<HTMLInputElement>) {
    const chosen = event.target.files?.[0];
    event.target.value = '';
    if (chosen) setFile({ name: chosen.name, text: await chosen.text(), mediaType: chosen.name.endsWith('.json') ? 'application/json' : 'text/csv' });
  }
  async function remove(id: string) {
    try {
      await removeRegisterRow(name, id, version);
      showToast(`Removed: ${id}`);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <nav className="crumbs" aria-label="Where you are"><Link to="/settings/registers" className="link"><Icon name="left" size={14} />Registers</Link></nav>
      <PageHead title={sentence(name)} text={text}>
        <Download name={name} />
        {may && <><Button onClick={() => picker.current?.click()}>Replace from file</Button><input ref={picker} type="file" accept=".csv,.json" hidden onChange={(event) => void pick(event)} /><Button kind="primary" icon="plus" onClick={() => setEdited('new')}>Add row</Button></>}
      </PageHead>
      <div className="page-tools"><SearchBox label="Search the rows" placeholder="Search all columns" value={q} onChange={setQ} />{first && <span className="dim">{plural(first.total, 'row')} · version {version}</span>}</div>
      <Paged query={query} what="rows" icon="entities" empty={may ? 'Add a row, or replace the register from a CSV or JSON file.' : null}>
        {(rows) => (
          <div className="table-box" tabIndex={0} role="region" aria-label={`Rows of ${name}`}>
            <table className="table register" aria-label={sentence(name)}>
              <thead><tr>{columns.map(([column]) => <th key={column} scope="col">{sentence(column.replace(/([a-z])([A-Z])/g, '$1 $2'))}</th>)}{may && <th scope="col"><span className="visually-hidden">Actions</span></th>}</tr></thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    {columns.map(([column], index) => (index === 0 ? <th key={column} scope="row" className="mono">{row.id}</th> : <td key={column}>{cellText(row[column])}</td>))}
                    {may && <td className="list-actions"><Button className="small" aria-label={`Edit ${row.id}`} onClick={() => setEdited(row)}>Edit</Button><IconButton icon="trash" label={`Remove ${row.id}`} onClick={() => void remove(row.id)} /></td>}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Paged>
      {edited !== null && <RegisterRowForm name={name} row={edited === 'new' ? null : edited} version={version} onClose={() => setEdited(null)} />}
      {file && <ConfirmDialog title={`Replace ${name} by ${file.name}`} text={`The ${plural(first?.total ?? 0, 'row')} of now are replaced by those of the file. One wrong row, and nothing changes. The version of now can still be read afterwards.`} verb="Replace" onClose={() => setFile(null)} onConfirm={async () => { const { added, changed, removed } = await replaceRegister(name, file.text, file.mediaType, version); showToast(`${added} added, ${changed} changed, ${removed} removed`); }} />}
    </>
  );
}

/** The API gives the file by `Accept`, which a plain link cannot ask for. */
function Download({ name }: { name: RegisterName }) {
  async function download() {
    const response = await fetch(`/v1/registers/${name}`, { headers: { accept: 'text/csv' }, credentials: 'same-origin' });
    if (!response.ok) {
      showToast('The file could not be read', 'error');
      return;
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
  return <Button icon="download" onClick={() => void download()}>Download CSV</Button>;
}
