import type { Technique } from '@wary/model/finding.js';

/** The framework's own page, where it has one per technique. */
export function techniqueLink({ framework, id }: Pick<Technique, 'framework' | 'id'>): string | null {
  const [base, sub] = id.split('.');
  if (framework === 'ATT&CK' && /^T\d{4}(\.\d{3})?$/.test(id)) return `https://attack.mitre.org/techniques/${base}/${sub ? `${sub}/` : ''}`;
  if (framework === 'ATLAS' && /^AML\.T\d{4}(\.\d{3})?$/.test(id)) return `https://atlas.mitre.org/techniques/${id}`;
  return null;
}
