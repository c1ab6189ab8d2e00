import { expect, it } from 'vitest';
import { techniqueLink } from './technique-link.js';

it.each([
  ['ATT&CK', 'T1213', 'https://attack.mitre.org/techniques/T1213/'],
  ['ATT&CK', 'T1550.001', 'https://attack.mitre.org/techniques/T1550/001/'],
  ['ATLAS', 'AML.T0024.002', 'https://atlas.mitre.org/techniques/AML.T0024.002'],
  ['OWASP-LLM', 'LLM10', null],
  ['ATT&CK', 'javascript:alert(1)', null],
  ['ATLAS', '../../x', null],
] as const)('%s %s → %s', (framework, id, link) => expect(techniqueLink({ framework, id })).toBe(link));
