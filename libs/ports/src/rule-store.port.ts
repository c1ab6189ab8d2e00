import type { AuditEntry } from './audit.port.js';
import type { Page } from './event-store.port.js';

/** Fields of a rule with their values, as a Sigma selection has them: all of them together are what is let through. */
export interface RuleExclusion { readonly fields: Readonly<Record<string, string | number | boolean | null | ReadonlyArray<string | number | boolean>>>; readonly note: string }

export const RULE_CHANGES = ['folder', 'upload', 'tune', 'rollback', 'remove'] as const;
export type RuleChangeKind = (typeof RULE_CHANGES)[number];

/** A rule as it stood from one version on; every version is whole. */
export interface StoredRule {
  readonly rule: string;
  /** From 1, without holes. */
  readonly version: number;
  readonly at: number;
  readonly by: string;
  readonly kind: RuleChangeKind;
  readonly note: string;
  /** The YAML of the rule and of the documents that only feed it. */
  readonly text: string;
  /** The file in the rules folder, or '' for an uploaded one. */
  readonly file: string;
  /** Takes the text that the folder has; an upload or a rollback pins its own. */
  readonly followsFolder: boolean;
  readonly enabled: boolean;
  /** In place of the level in the text. */
  readonly level: string | null;
  readonly exclusions: readonly RuleExclusion[];
  /** Not there any more; its versions are. */
  readonly removed: boolean;
}

/** What becomes of the rule; null: nothing. */
export interface RuleDecision { readonly next: Omit<StoredRule, 'rule' | 'version'>; readonly audit: AuditEntry | null }

export interface RuleStore {
  /** The latest version of every rule of a tenant, removed ones too. */
  listRules(tenant: string): Promise<StoredRule[]>;
  /** Decides on the latest version of each (null: never there), all in one transaction with the audit rows; gives what is new. */
  changeRules(tenant: string, rules: readonly string[], decide: (rule: string, current: StoredRule | null) => RuleDecision | null): Promise<StoredRule[]>;
  /** Newest first. */
  listRuleVersions(tenant: string, rule: string, limit: number, cursor?: string): Promise<Page<StoredRule>>;
  ruleVersion(tenant: string, rule: string, version: number): Promise<StoredRule | null>;
}
export const RULE_STORE = Symbol.for('wary.RuleStore');
