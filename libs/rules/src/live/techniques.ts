import type { Technique } from '@wary/model/finding.js';
import { ATLAS_TABLE, ATLAS_VERSION, ATTACK_TABLE, ATTACK_VERSION, type TacticRow } from './technique-table.js';

const namesOf = (table: readonly TacticRow[]): ReadonlyMap<string, string> => new Map(table.flatMap(({ techniques }) => techniques.map((each) => [each.slice(0, each.indexOf(' ')), each.slice(each.indexOf(' ') + 1)] as const)));
const ATTACK_NAMES = namesOf(ATTACK_TABLE);
const ATLAS_NAMES = namesOf(ATLAS_TABLE);
const OWASP_LLM = ['Prompt Injection', 'Sensitive Information Disclosure', 'Supply Chain', 'Data and Model Poisoning', 'Improper Output Handling', 'Excessive Agency', 'System Prompt Leakage', 'Vector and Embedding Weaknesses', 'Misinformation', 'Unbounded Consumption'];
const OWASP_API = ['Broken Object Level Authorization', 'Broken Authentication', 'Broken Object Property Level Authorization', 'Unrestricted Resource Consumption', 'Broken Function Level Authorization', 'Unrestricted Access to Sensitive Business Flows', 'Server Side Request Forgery', 'Security Misconfiguration', 'Improper Inventory Management', 'Unsafe Consumption of APIs'];

/** The technique that a tag names, or null when it names none (a tactic, a licence, a list without a place in our frameworks). A sub-technique has its parent's name. */
export function techniqueOfTag(tag: string): Technique | null {
  const attack = /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase();
  if (attack !== undefined) return { framework: 'ATT&CK', id: attack, name: ATTACK_NAMES.get(parentOf(attack)) ?? attack, version: ATTACK_VERSION };
  const atlas = /^atlas\.(aml\.t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase();
  if (atlas !== undefined) return { framework: 'ATLAS', id: atlas, name: ATLAS_NAMES.get(parentOf(atlas)) ?? atlas, version: ATLAS_VERSION };
  const owasp = /^owasp\.(llm|api)(\d{1,2})-(\d{4})$/.exec(tag);
  if (owasp === null) return null;
  const [, list, number, version] = owasp as unknown as [string, 'llm' | 'api', string, string];
  const id = `${list.toUpperCase()}${number}`;
  return { framework: list === 'llm' ? 'OWASP-LLM' : 'OWASP-API', id, name: (list === 'llm' ? OWASP_LLM : OWASP_API)[Number(number) - 1] ?? id, version };
}

/** `T1078` of `T1078.004`, `AML.T0051` of `AML.T0051.000`. */
export const parentOf = (id: string): string => id.replace(/(T\d{4})\.\d{3}$/, '$1');

export interface CoveredTechnique { readonly id: string; readonly name: string; /** Ids of what sees it or one of its sub-techniques; none: a gap. */ readonly rules: readonly string[] }
export interface TacticCoverage { readonly tactic: string; readonly techniques: readonly CoveredTechnique[] }
export interface FrameworkCoverage { readonly framework: 'ATT&CK' | 'ATLAS'; readonly version: string; readonly techniques: number; readonly covered: number; readonly tactics: readonly TacticCoverage[] }

/** What of ATT&CK and ATLAS is seen by something that runs, and what is not. */
export function coverageOf(sources: Iterable<{ readonly id: string; readonly techniques: readonly Technique[] }>): FrameworkCoverage[] {
  const seenBy = new Map<string, Set<string>>();
  for (const { id, techniques } of sources) {
    for (const technique of techniques) {
      const key = `${technique.framework} ${parentOf(technique.id)}`;
      seenBy.set(key, (seenBy.get(key) ?? new Set()).add(id));
    }
  }
  return ([['ATT&CK', ATTACK_VERSION, ATTACK_TABLE], ['ATLAS', ATLAS_VERSION, ATLAS_TABLE]] as const).map(([framework, version, table]) => {
    const tactics = table.map(({ tactic, techniques }) => ({
      tactic, techniques: techniques.map((each): CoveredTechnique => {
        const id = each.slice(0, each.indexOf(' '));
        return { id, name: each.slice(id.length + 1), rules: [...(seenBy.get(`${framework} ${id}`) ?? [])].sort() };
      }),
    }));
    const all = tactics.flatMap(({ techniques }) => techniques);
    return { framework, version, techniques: all.length, covered: all.filter(({ rules }) => rules.length > 0).length, tactics };
  });
}
