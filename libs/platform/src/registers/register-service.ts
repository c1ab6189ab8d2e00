import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { emptyRegisters, type RegisterName, type Registers } from '@wary/model/registers.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { Page } from '@wary/ports/event-store.port.js';
import type { RegisterChange, RegisterStore, RegisterVersion } from '@wary/ports/register-store.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';

export interface RegisterChanged { readonly registers: Registers; readonly change: RegisterVersion | null }

/** The registers as every event reads them: in memory, whole, at one version. */
export interface RegisterService {
  /** Reads a tenant's registers into memory; before its first event, and when another process changed them. */
  load(tenant: string): Promise<Registers>;
  /** What is in memory; empty registers for a tenant that was not loaded. */
  current(tenant: string): Registers;
  /** As they were at a version. */
  at(tenant: string, version: number): Promise<Registers>;
  /** One change, in memory when it resolves; `change` is null when there was nothing to change. */
  change<N extends RegisterName>(tenant: string, register: N, change: RegisterChange<N>, by: Actor, ifMatch?: number): Promise<RegisterChanged>;
  /** The latest version that touched each register. */
  versions(tenant: string): Promise<Partial<Record<RegisterName, RegisterVersion>>>;
  history(tenant: string, register: RegisterName, limit: number, cursor?: string): Promise<Page<RegisterVersion>>;
  /** Called with each new state in memory. Gives the way out. */
  onChange(listener: (registers: Registers, tenant: string) => void): () => void;
}
export const REGISTER_SERVICE = Symbol.for('wary.RegisterService');

export function createRegisterService({ store, clock }: { store: RegisterStore; clock: Clock }): RegisterService {
  const loaded = new Map<string, Registers>();
  const listeners = new Set<(registers: Registers, tenant: string) => void>();
  const current = (tenant: string): Registers => loaded.get(tenant) ?? emptyRegisters();

  async function load(tenant: string): Promise<Registers> {
    const registers = await store.readRegisters(tenant);
    const before = loaded.get(tenant);
    // Two reads can end in the other order than they began; a version never goes back.
    if (before !== undefined && before.version >= registers.version) return before;
    loaded.set(tenant, registers);
    if (before !== undefined) for (const listener of listeners) listener(registers, tenant);
    return registers;
  }

  return {
    load, current,
    at: (tenant, version) => store.readRegisters(tenant, version),
    versions: (tenant) => store.registerVersions(tenant),
    history: (tenant, register, limit, cursor) => store.listRegisterVersions(tenant, register, limit, cursor),

    async change(tenant, register, change, by, ifMatch) {
      if (!loaded.has(tenant)) await load(tenant);
      if (change.kind === 'upsert' && new Set([...current(tenant)[register].map(({ id }) => id), ...change.rows.map(({ id }) => id)]).size > API_LIMITS.registerRowsMax) {
        throw new WaryError('batch_too_large', `a register may have ${API_LIMITS.registerRowsMax} rows`);
      }
      const made = await store.changeRegister(tenant, register, change, by, clock.now(), ifMatch);
      return { registers: made === null ? current(tenant) : await load(tenant), change: made };
    },

    onChange(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}
