import type { RuleChangeKind, RuleExclusion } from '@wary/ports/rule-store.port.js';
import type { JsonColumn } from './json-column.js';

export interface RuleVersionsTable {
  tenant: string; rule: string; version: number; at: number; by_name: string; kind: RuleChangeKind; note: string;
  text: string; file: string; follows_folder: boolean; enabled: boolean; level: string | null; exclusions: JsonColumn<RuleExclusion[]>; removed: boolean;
}

export interface RuleTables { rule_versions: RuleVersionsTable }
