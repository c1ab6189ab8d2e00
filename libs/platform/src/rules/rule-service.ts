import { WaryError } from '@wary/model/errors.js';
import type { AuditEntry } from '@wary/ports/audit.port.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { Page } from '@wary/ports/event-store.port.js';
import { SYSTEM_ACTOR, type Actor } from '@wary/ports/workflow.port.js';
import type { RuleDecision, RuleExclusion, RuleStore, StoredRule } from '@wary/ports/rule-store.port.js';
import type { RuleLevel } from '@wary/rules/live/compiled-rules.js';
import { LIVE_LIMITS, LiveRules, type RuleStageName } from '@wary/rules/live/live-rules.js';
import { createRunner, createSecondRunner, type LiveRunner, type SecondRunner } from '@wary/rules/live/runner.js';
import { loadRules } from '@wary/rules/load-rules.js';
import type { Problem } from '@wary/rules/problem.js';
import { splitBundles } from '@wary/rules/rule-bundles.js';
import type { FieldError } from '../errors/problem.js';
import { requireVersion } from '../errors/require-version.js';
import { compileTenant, exclusionFile, pathOf, type CompiledTenant, type RuleState } from './compile-tenant.js';
import { bundleOf } from './bundle-of.js';
import { EMPTY_FOLDER, type FolderContent } from './rule-folder.js';
import { sumParts, type HealthPart } from './tenant-health.js';

export const RULE_LIMITS = { rulesMax: 20_000, exclusionsMax: 50, exclusionFieldsMax: 20 } as const;
const FOLDER_AUTHOR = 'rules folder';

export interface RuleTuning { readonly enabled?: boolean | undefined; /** null: that of the text. */ readonly level?: RuleLevel | null | undefined; readonly exclusions?: readonly RuleExclusion[] | undefined; readonly note: string }
/** The rules of a tenant as they stand, and what they run as. */
export interface TenantRules { readonly stored: ReadonlyMap<string, StoredRule>; readonly compiled: CompiledTenant; readonly live: LiveRules }
export interface Uploaded { readonly rules: readonly StoredRule[]; readonly warnings: readonly Problem[] }

/** Rules of every tenant: stored with their versions, compiled, and swapped into the stream when they change. */
export interface RuleService {
  /** Reads the store and brings it up to what the folder says; before the first event. */
  start(tenants: readonly string[], folder: FolderContent): Promise<void>;
  /** The folder changed: takes what is whole, keeps what ran where a file is broken. */
  takeFolder(folder: FolderContent): Promise<void>;
  /** Reads what another process changed. */
  reload(tenant: string): Promise<void>;
  readonly folder: FolderContent;
  /** For the scoring engine; null for a tenant nobody told of. */
  runnerOf(tenant: string): LiveRunner | null;
  /** Rules on single events, for an engine that scores a partition of the stream; they follow every change until they are closed. */
  openFirstStage(tenant: string): OpenRules<LiveRunner> | null;
  /** Correlations with windows of their own, behind all partitions; the same. */
  openSecondStage(tenant: string): OpenRules<SecondRunner> | null;
  of(tenant: string): TenantRules;
  /** How they fare in this process, over all stages and partitions; null for a tenant nobody told of. */
  healthOf(tenant: string): HealthPart | null;
  get(tenant: string, rule: string): StoredRule;
  upload(tenant: string, text: string, note: string, by: Actor): Promise<Uploaded>;
  tune(tenant: string, rule: string, tuning: RuleTuning, by: Actor, ifMatch?: number): Promise<StoredRule>;
  rollback(tenant: string, rule: string, version: number, note: string, by: Actor, ifMatch?: number): Promise<StoredRule>;
  /** Back to the folder's text where it has one, otherwise gone. */
  remove(tenant: string, rule: string, by: Actor, ifMatch?: number): Promise<StoredRule>;
  versions(tenant: string, rule: string, limit: number, cursor?: string): Promise<Page<StoredRule>>;
  version(tenant: string, rule: string, version: number): Promise<StoredRule>;
}
export interface OpenRules<R> { readonly runner: R; close(): void }
export const RULE_SERVICE = Symbol.for('wary.RuleService');

interface Tenant { stored: Map<string, StoredRule>; compiled: CompiledTenant; readonly live: LiveRules; readonly runner: LiveRunner; /** Of engines of the stages. */ readonly others: Set<LiveRules> }
type Content = Pick<StoredRule, 'text' | 'file' | 'followsFolder' | 'enabled' | 'level' | 'exclusions' | 'removed'>;

export function createRuleService({ store, clock, now }: { readonly store: RuleStore; readonly clock: Clock; /** Milliseconds with fractions, to measure what rules cost. */ readonly now: () => number }): RuleService {
  const tenants = new Map<string, Tenant>();
  let folder = EMPTY_FOLDER;

  const demand = (id: string): Tenant => {
    const tenant = tenants.get(id);
    if (tenant === undefined) throw new WaryError('not_found', 'There are no rules of this tenant');
    return tenant;
  };
  const get = (tenant: string, rule: string): StoredRule => {
    const stored = demand(tenant).stored.get(rule);
    if (stored === undefined || stored.removed) throw new WaryError('not_found', 'There is no such rule');
    return stored;
  };

  /** What was stored runs from the next event on. */
  function take(tenant: Tenant, made: readonly StoredRule[]): void {
    // Two reads can end in the other order than they began; a version never goes back.
    for (const each of made) if (each.version > (tenant.stored.get(each.rule)?.version ?? 0)) tenant.stored.set(each.rule, each);
    const compiled = compileTenant([...tenant.stored.values()]);
    if (compiled === tenant.compiled) return;
    tenant.compiled = compiled;
    for (const live of [tenant.live, ...tenant.others]) live.swap(compiled.compiled);
  }

  function openStage<R>(id: string, stage: RuleStageName, runnerOf: (live: LiveRules) => R): OpenRules<R> | null {
    const tenant = tenants.get(id);
    if (tenant === undefined) return null;
    const live = new LiveRules(tenant.compiled.compiled, now, LIVE_LIMITS, stage);
    tenant.others.add(live);
    return { runner: runnerOf(live), close: () => { tenant.others.delete(live); } };
  }

  async function change(id: string, rules: readonly string[], decide: (rule: string, current: StoredRule | null) => RuleDecision | null): Promise<StoredRule[]> {
    const tenant = demand(id);
    const made = await store.changeRules(id, rules, decide);
    if (made.length > 0) take(tenant, made);
    return made;
  }

  async function changeOne(id: string, rule: string, ifMatch: number | undefined, decide: (current: StoredRule) => RuleDecision | null): Promise<StoredRule> {
    const before = get(id, rule);
    const [made] = await change(id, [rule], (_, current) => {
      if (current === null || current.removed) throw new WaryError('not_found', 'There is no such rule');
      requireVersion(current.version, ifMatch);
      return decide(current);
    });
    return made ?? before;
  }

  const decision = (tenant: string, rule: string, current: StoredRule | null, content: Content, kind: StoredRule['kind'], by: Actor, note: string): RuleDecision => {
    const at = clock.now();
    const audit: AuditEntry = { tenant, at, actor: by, action: `rule.${kind}`, target: `rule:${rule}`, before: current === null ? null : auditOf(current), after: auditOf(content) };
    return { next: { ...content, kind, note, at, by: kind === 'folder' ? FOLDER_AUTHOR : by.name }, audit: kind === 'folder' && current === null ? null : audit };
  };

  /** What the folder makes of one rule; null: nothing changes. */
  function followFolder(tenant: string, rule: string, current: StoredRule | null): RuleDecision | null {
    const now_ = folder.rules.get(rule);
    if (now_ !== undefined) {
      const content: Content = { text: now_.text, file: now_.file, followsFolder: true, enabled: current?.enabled ?? true, level: current?.level ?? null, exclusions: current?.exclusions ?? [], removed: false };
      if (current === null || current.removed) return decision(tenant, rule, current, content, 'folder', SYSTEM_ACTOR, '');
      return !current.followsFolder || (current.text === content.text && current.file === content.file) ? null : decision(tenant, rule, current, content, 'folder', SYSTEM_ACTOR, '');
    }
    if (current === null || current.removed || !current.followsFolder || !folder.isWhole || folder.broken.has(current.file)) return null;
    return decision(tenant, rule, current, { ...contentOf(current), removed: true }, 'folder', SYSTEM_ACTOR, '');
  }

  async function syncFolder(id: string): Promise<void> {
    const { stored } = demand(id);
    const asked = [...new Set([...folder.rules.keys(), ...stored.keys()])].filter((rule) => followFolder(id, rule, stored.get(rule) ?? null) !== null);
    if (asked.length > 0) await change(id, asked, (rule, current) => followFolder(id, rule, current));
  }

  return {
    get folder() { return folder; },

    async start(ids, content) {
      folder = content;
      for (const id of ids) {
        const compiled = compileTenant([]);
        const live = new LiveRules(compiled.compiled, now);
        const tenant: Tenant = { stored: new Map(), compiled, live, runner: createRunner(live), others: new Set() };
        tenants.set(id, tenant);
        for (const each of await store.listRules(id)) tenant.stored.set(each.rule, each);
        await syncFolder(id);
        take(tenant, []);
      }
    },

    async takeFolder(content) {
      folder = content;
      for (const id of tenants.keys()) await syncFolder(id);
    },

    async reload(id) { take(demand(id), await store.listRules(id)); },

    runnerOf: (tenant) => tenants.get(tenant)?.runner ?? null,

    openFirstStage: (id) => openStage(id, 'first', createRunner),
    openSecondStage: (id) => openStage(id, 'second', createSecondRunner),

    of: demand,

    healthOf(id) {
      const tenant = tenants.get(id);
      return tenant === undefined ? null : sumParts([tenant.live, ...tenant.others].map((live) => ({ rules: live.healthEntries, counts: live.counts })));
    },

    get,

    async upload(tenant, text, note, by) {
      const { stored, compiled } = demand(tenant);
      const { bundles, problems } = splitBundles(text);
      if (problems.length > 0) throw refused(problems.map(({ code, message, line, column }) => ({ path: `${line}:${column}`, line, message: `${code}: ${message}` })));
      if (bundles.length === 0) throw refused([{ path: 'text', message: 'there is no rule in it' }]);
      const ids = new Set(bundles.map(({ id }) => id));
      for (const other of stored.values()) {
        if (other.removed || ids.has(other.rule)) continue;
        const taken = bundleOf(compiled, other).ids.find((each) => bundles.some((bundle) => bundle.ids.includes(each)));
        if (taken !== undefined) throw new WaryError('conflict', `The id ${taken} belongs to the rule ${other.rule} already`, { rule: other.rule });
      }
      if (stored.size + bundles.length > RULE_LIMITS.rulesMax) throw new WaryError('batch_too_large', `a tenant may have ${RULE_LIMITS.rulesMax} rules`);
      // Together with the others, since a correlation may read rules that are there already.
      const others = [...stored.values()].filter(({ rule, enabled, removed }) => enabled && !removed && !ids.has(rule)).map((each) => ({ path: pathOf(each.rule), text: each.text }));
      const found = loadRules([...others, { path: UPLOAD, text }]).problems.filter(({ file }) => file === UPLOAD);
      const errors = found.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw refused(errors.map(({ code, message, line, column }) => ({ path: `${line}:${column}`, line, message: `${code}: ${message}` })));
      const made = await change(tenant, [...ids], (rule, current) => {
        const bundle = bundles.find(({ id }) => id === rule)!;
        if (current !== null && !current.removed && current.text === bundle.text) return null;
        return decision(tenant, rule, current, { text: bundle.text, file: current?.removed === false ? current.file : '', followsFolder: false, enabled: current?.removed === false ? current.enabled : true, level: current?.level ?? null, exclusions: current?.exclusions ?? [], removed: false }, 'upload', by, note);
      });
      return { rules: [...ids].map((id) => made.find(({ rule }) => rule === id) ?? get(tenant, id)), warnings: found };
    },

    async tune(tenant, rule, { enabled, level, exclusions, note }, by, ifMatch) {
      const proposed = { ...get(tenant, rule), ...(exclusions === undefined ? {} : { exclusions }) };
      assertExclusions(proposed);
      return changeOne(tenant, rule, ifMatch, (current) => {
        const content: Content = { ...contentOf(current), enabled: enabled ?? current.enabled, level: level === undefined ? current.level : level, exclusions: exclusions ?? current.exclusions };
        return same(content, current) ? null : decision(tenant, rule, current, content, 'tune', by, note);
      });
    },

    async rollback(tenant, rule, version, note, by, ifMatch) {
      const target = await this.version(tenant, rule, version);
      if (target.removed) throw new WaryError('conflict', 'In that version the rule was removed; delete it instead');
      return changeOne(tenant, rule, ifMatch, (current) => {
        const content: Content = { ...contentOf(target), file: current.file, followsFolder: target.followsFolder && folder.rules.get(rule)?.text === target.text };
        return same(content, current) ? null : decision(tenant, rule, current, content, 'rollback', by, note === '' ? `back to version ${version}` : note);
      });
    },

    remove: (tenant, rule, by, ifMatch) => changeOne(tenant, rule, ifMatch, (current) => {
      // Also while its file has an error.
      if (current.followsFolder) throw new WaryError('conflict', 'The rule comes from the rules folder; disable it instead, or remove its file');
      const own = folder.rules.get(rule);
      if (own === undefined) return decision(tenant, rule, current, { ...contentOf(current), removed: true }, 'remove', by, '');
      return decision(tenant, rule, current, { ...contentOf(current), text: own.text, file: own.file, followsFolder: true }, 'remove', by, 'back to the text of the rules folder');
    }),

    async versions(tenant, rule, limit, cursor) {
      const page = await store.listRuleVersions(tenant, rule, limit, cursor);
      if (page.items.length === 0) throw new WaryError('not_found', 'There is no such rule');
      return page;
    },

    async version(tenant, rule, version) {
      const found = await store.ruleVersion(tenant, rule, version);
      if (found === null) throw new WaryError('not_found', 'There is no such version of this rule');
      return found;
    },
  };
}

const UPLOAD = 'upload';
const refused = (errors: readonly FieldError[]): WaryError => new WaryError('validation_failed', undefined, { errors });
const contentOf = ({ text, file, followsFolder, enabled, level, exclusions, removed }: Content): Content => ({ text, file, followsFolder, enabled, level, exclusions, removed });
const same = (left: Content, right: Content): boolean => JSON.stringify(sorted(contentOf(left))) === JSON.stringify(sorted(contentOf(right)));
/** jsonb gives keys back in an order of its own. */
const sorted = (content: Content): unknown => ({ ...content, exclusions: content.exclusions.map(({ fields, note }) => ({ fields: Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)), note })) });
/** The text is in the versions; the audit says what holds. */
const auditOf = ({ file, followsFolder, enabled, level, exclusions, removed, text }: Content): object => ({ file, followsFolder, enabled, level, exclusions, removed, lines: text.split('\n').length });

/** Whether the exclusions can be read as selections; each wrong one is named. */
export function assertExclusions(state: Pick<RuleState, 'rule' | 'text' | 'exclusions'>): void {
  const wrong = state.exclusions.flatMap((exclusion, index): FieldError[] => {
    const problem = loadRules([{ path: pathOf(state.rule), text: state.text }, ...exclusionFile({ ...state, exclusions: [exclusion] })]).problems.find(({ severity, file }) => severity === 'error' && file !== pathOf(state.rule));
    return problem === undefined ? [] : [{ path: `exclusions.${index}`, message: `${problem.code}: ${problem.message}` }];
  });
  if (wrong.length > 0) throw refused(wrong);
}
