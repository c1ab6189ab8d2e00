import { createEnricher, type Enricher } from '@wary/enrich/enricher.js';
import type { CountryOf } from '@wary/enrich/geo.js';
import type { Registers } from '@wary/model/registers.js';
import { createProtector, type Protector, type ProtectPolicy } from '@wary/protect/protector.js';

/** The stages that stand on a tenant's registers, compiled once per version of them. */
export interface TenantStages { readonly enricher: Enricher; readonly protector: Protector }

export interface TenantStagesOptions {
  /** The registers of a tenant as they stand. */
  readonly registersOf: (tenant: string) => Registers;
  readonly countryOf: CountryOf;
  readonly policy: ProtectPolicy;
  readonly pseudonymKey: Uint8Array;
  readonly onProblem: (tenant: string, problem: string) => void;
}

/** Recompiles when the registers have another version: an edit holds from the next event on, for enrich and protect together. */
export class TenantStagesCache {
  private readonly byTenant = new Map<string, { version: number; stages: TenantStages }>();

  constructor(private readonly options: TenantStagesOptions) {}

  of(tenant: string): TenantStages {
    const registers = this.options.registersOf(tenant);
    const known = this.byTenant.get(tenant);
    if (known !== undefined && known.version === registers.version) return known.stages;
    const { countryOf, policy, pseudonymKey, onProblem } = this.options;
    const enricher = createEnricher({ registers, countryOf });
    const protector = createProtector({ registers, policy, pseudonymKey });
    for (const problem of [...enricher.problems, ...protector.problems]) onProblem(tenant, problem);
    const stages = { enricher, protector };
    this.byTenant.set(tenant, { version: registers.version, stages });
    return stages;
  }
}
