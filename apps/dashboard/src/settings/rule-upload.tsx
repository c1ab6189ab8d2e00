import { useState, type ChangeEvent } from 'react';
import { uploadRules } from '../api/rules.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form, TextArea } from '../ui/form.js';
import { plural } from '../ui/format.js';
import { showToast } from '../ui/toast.js';

const TEXT_CHARS_MAX = 1_000_000;

/** Sigma YAML, typed or from files. A rule with a known id becomes its next version. */
export function RuleUpload({ onClose, text: given = '' }: { onClose: () => void; text?: string }) {
  const [text, setText] = useState(given);
  const [note, setNote] = useState('');
  async function read(event: ChangeEvent<HTMLInputElement>) {
    const files = [...(event.target.files ?? [])];
    setText((await Promise.all(files.map((file) => file.text()))).join('\n---\n'));
  }
  async function upload() {
    const { items, warnings } = await uploadRules(text, note.trim());
    showToast(`Uploaded: ${items.length === 1 ? items[0]!.title : plural(items.length, 'rule')}${warnings.length > 0 ? `, with ${plural(warnings.length, 'warning')}: ${warnings[0]!.message}` : ''}`);
    onClose();
  }
  return (
    <Dialog wide title={given === '' ? 'Upload rules' : 'Edit the rule'} description="Sigma YAML; several documents are separated by ---. One wrong document and nothing is taken." onClose={onClose}>
      <Form submit="Upload" disabled={text.trim() === ''} onSubmit={upload} onCancel={onClose}>
        {given === '' && <Field label="Files" hint="Replaces the text below"><input type="file" accept=".yml,.yaml" multiple onChange={(event) => void read(event)} /></Field>}
        <div className="code-field"><TextArea label="YAML" value={text} rows={16} maxLength={TEXT_CHARS_MAX} required onChange={setText} /></div>
        <Field label="Note" hint="Why; it stands beside the version"><input value={note} maxLength={2_000} onChange={(event) => setNote(event.target.value)} /></Field>
      </Form>
    </Dialog>
  );
}
