import type { Verdict } from '@wary/model/alert.js';
import type { RadioOption } from '../ui/form.js';

/** What each verdict says, and what it does to the detectors. */
export const VERDICTS_EXPLAINED: ReadonlyArray<RadioOption<Verdict>> = [
  { value: 'true_positive', label: 'True positive', hint: 'It was what it looked like. The detector gains weight.' },
  { value: 'false_positive', label: 'False positive', hint: 'Nothing happened. The detector loses weight.' },
  { value: 'benign_expected', label: 'Benign, expected', hint: 'It happened and is fine. The baseline learns it.' },
  { value: 'duplicate', label: 'Duplicate', hint: 'Another alert already says this.' },
  { value: 'inconclusive', label: 'Inconclusive', hint: 'It cannot be decided.' },
];
