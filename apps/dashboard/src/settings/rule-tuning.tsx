import { SEVERITIES, type Severity } from '@wary/model/finding.js';
import { useState } from 'react';
import { tuneRule, type RuleDetail, type RuleExclusion } from '../api/rules.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form, TextArea } from '../ui/form.js';
import { severityWord } from '../ui/severity.js';
import { errorText } from '../ui/states.js';
import { showToast } from '../ui/toast.js';
import { exclusionText, parseExclusion } from './exclusion-text.js';
import { RulePreviewBox, useRulePreview } from './rule-preview.js';

const NEWEST_FIRST = [...SEVERITIES].reverse();
interface Draft { readonly key: number; readonly text: string; readonly note: string }

/** Level and exclusions, with what they would have hidden of the stored events. */
export function RuleTuning({ rule, onClose }: { rule: RuleDetail; onClose: () => void }) {
  const [level, setLevel] = useState<Severity | ''>(rule.tuning.level ?? '');
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => rule.tuning.exclusions.map((exclusion, key) => ({ key, text: exclusionText(exclusion), note: exclusion.note })));
  const [note, setNote] = useState('');
  const preview = useRulePreview();
  const set = (key: number, part: Partial<Draft>) => setDrafts(drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  function read(): RuleExclusion[] {
    return drafts.filter(({ text }) => text.trim() !== '').map(({ text, note: why }, index) => {
      const parsed = parseExclusion(text);
      if ('problem' in parsed) throw new Error(`Exclusion ${index + 1}: ${parsed.problem}`);
      return { fields: parsed.fields, note: why.trim() };
    });
  }
  async function save() {
    await tuneRule(rule, { level: level === '' ? null : level, exclusions: read(), note: note.trim() });
    showToast(`Tuned: ${rule.title}`);
    onClose();
  }
  async function look() {
    try {
      await preview.start({ rule: rule.id, exclusions: read() });
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <Dialog wide title={`Tune ${rule.title}`} description="An event that fits every line of an exclusion is let through." onClose={onClose}>
      <Form submit="Save" onSubmit={save} onCancel={onClose}>
        <Field label="Level"><select value={level} onChange={(event) => setLevel(event.target.value as Severity | '')}><option value="">{rule.ownLevel === null ? 'As in the text' : `As in the text: ${severityWord(rule.ownLevel)}`}</option>{NEWEST_FIRST.map((each) => <option key={each} value={each}>{severityWord(each)}</option>)}</select></Field>
        {drafts.map(({ key, text, note: why }, index) => (
          <fieldset key={key} className="radios exclusion">
            <legend>Exclusion {index + 1}</legend>
            <div className="code-field"><TextArea label={`Fields of exclusion ${index + 1}`} hint="One a line, as in actor.id: svc/backup or resource.id|startswith: ds/reports" rows={3} value={text} onChange={(value) => set(key, { text: value })} /></div>
            <div className="field-pair"><Field label={`Reason for exclusion ${index + 1}`}><input value={why} maxLength={2_000} onChange={(event) => set(key, { note: event.target.value })} /></Field><div><Button className="small" aria-label={`Remove exclusion ${index + 1}`} onClick={() => setDrafts(drafts.filter((draft) => draft.key !== key))}>Remove</Button></div></div>
          </fieldset>
        ))}
        <div className="row-actions">
          <Button icon="plus" onClick={() => setDrafts([...drafts, { key: Math.max(-1, ...drafts.map((draft) => draft.key)) + 1, text: '', note: '' }])}>Add exclusion</Button>
          <Button busy={preview.running} onClick={() => void look()}>Preview</Button>
        </div>
        <RulePreviewBox preview={preview} />
        <Field label="Note" hint="Why; it stands beside the version"><input value={note} maxLength={2_000} onChange={(event) => setNote(event.target.value)} /></Field>
      </Form>
    </Dialog>
  );
}
