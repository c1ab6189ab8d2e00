import type { RegisterName } from '@wary/model/registers.js';
import { useState } from 'react';
import { upsertRegisterRow, type RegisterRowData } from '../api/admin.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form, type Described } from '../ui/form.js';
import { sentence } from '../ui/format.js';
import { showToast } from '../ui/toast.js';
import { cellText, cellValue, REGISTERS, type ColumnKind } from './register-columns.js';

/** One row by its columns; the server judges the values. */
export function RegisterRowForm({ name, row, version, onClose }: { name: RegisterName; row: RegisterRowData | null; version: number; onClose: () => void }) {
  const { columns } = REGISTERS[name];
  const [cells, setCells] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(columns.map(([column, kind]) => [column, row ? cellText(row[column]) : Array.isArray(kind) ? kind[0]! : kind === 'boolean' ? 'false' : ''])));
  async function save() {
    await upsertRegisterRow(name, Object.fromEntries(columns.map(([column, kind]) => [column, cellValue(kind, cells[column]!)])), version);
    showToast(`Saved: ${cells.id}`);
    onClose();
  }
  return (
    <Dialog title={row ? `Edit ${row.id}` : `Add to ${name}`} onClose={onClose}>
      <Form submit="Save" onSubmit={save} onCancel={onClose}>
        {columns.map(([column, kind]) => (
          <Field key={column} label={sentence(column.replace(/([a-z])([A-Z])/g, '$1 $2'))} hint={kind === 'list' ? 'Several, separated by ;' : undefined}>
            <Cell kind={kind} value={cells[column]!} fixed={column === 'id' && row !== null} onChange={(value) => setCells({ ...cells, [column]: value })} />
          </Field>
        ))}
      </Form>
    </Dialog>
  );
}

function Cell({ kind, value, fixed, onChange, ...described }: { kind: ColumnKind; value: string; fixed: boolean; onChange: (value: string) => void } & Described) {
  if (kind === 'boolean') return <select value={value} onChange={(event) => onChange(event.target.value)}><option value="true">Yes</option><option value="false">No</option></select>;
  if (Array.isArray(kind)) return <select value={value} onChange={(event) => onChange(event.target.value)}>{kind.map((each: string) => <option key={each} value={each}>{each === '' ? 'None' : sentence(each)}</option>)}</select>;
  return <input {...described} value={value} readOnly={fixed} maxLength={2_000} onChange={(event) => onChange(event.target.value)} />;
}
