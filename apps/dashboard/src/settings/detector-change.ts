import type { DetectorView } from '../api/admin.js';

/** Settings of a detector as they stand in a form; an empty field means the default. */
export interface DetectorDraft { readonly enabled: boolean; readonly weight: string; readonly values: Readonly<Record<string, string>> }
export interface DetectorChange { readonly enabled?: boolean; readonly weight?: number; readonly thresholds?: Record<string, number | null> }

export const draftOf = (detector: DetectorView): DetectorDraft =>
  ({ enabled: detector.enabled, weight: String(detector.weight.value), values: Object.fromEntries(detector.thresholds.map(({ name, value }) => [name, String(value)])) });

const numberOf = (text: string, usual: number): number => (text.trim() === '' ? usual : Number(text));

/** Only what differs from the detector as it is; null when nothing does. A threshold at its default is null, so that it follows the default from then on. */
export function changeOf(detector: DetectorView, { enabled, weight, values }: DetectorDraft): DetectorChange | null {
  const thresholds: Record<string, number | null> = {};
  for (const { name, value, default: usual } of detector.thresholds) {
    const wanted = numberOf(values[name] ?? '', usual);
    if (wanted !== value) thresholds[name] = wanted === usual ? null : wanted;
  }
  const wantedWeight = numberOf(weight, detector.weight.default);
  const change = {
    ...(enabled === detector.enabled ? {} : { enabled }),
    ...(detector.type !== 'behavioral' || wantedWeight === detector.weight.value ? {} : { weight: wantedWeight }),
    ...(Object.keys(thresholds).length === 0 ? {} : { thresholds }),
  };
  return Object.keys(change).length === 0 ? null : change;
}
