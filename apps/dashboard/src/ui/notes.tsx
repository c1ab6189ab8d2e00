import { useState } from 'react';
import { Form, TextArea } from './form.js';
import { Ago } from './time.js';

interface Note { readonly id: string; readonly at: number; readonly by: string; readonly text: string }

/** Notes are text, never markup: what an attacker wrote into a prompt and someone pasted here stays letters. */
export function Notes({ notes, mayWrite, onAdd }: { notes: readonly Note[]; mayWrite: boolean; onAdd: (text: string) => Promise<void> }) {
  const [text, setText] = useState('');
  return (
    <>
      {notes.length === 0 && <p className="dim">No notes yet.</p>}
      <ul className="notes">
        {notes.map((note) => <li key={note.id}><p className="notes-head"><b>{note.by}</b><span className="faint"><Ago at={note.at} /></span></p><p className="notes-text">{note.text}</p></li>)}
      </ul>
      {mayWrite && (
        <Form submit="Add note" disabled={text.trim() === ''} onSubmit={async () => { await onAdd(text.trim()); setText(''); }}>
          <TextArea label="New note" value={text} onChange={setText} rows={2} maxLength={10_000} />
        </Form>
      )}
    </>
  );
}
