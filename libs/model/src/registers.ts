import { z } from 'zod';

const Id = z.string().min(1).max(512);
const Text = z.string().max(2_000).default('');
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const List = z.array(z.string().min(1).max(512)).max(1_000).default([]);

/** Honeytokens: touching one is evidence without a baseline. */
export const CanarySchema = z.strictObject({
  id: Id, kind: z.enum(['text', 'resource', 'tool', 'principal']),
  value: z.string().min(4).max(2_000).describe('text to find in content (≥ 8 characters for kind text), or the id of the resource, tool or principal'),
  note: Text,
});
/** Which purposes a data set may be used for (GDPR 5(1)(b), 6(4)). `resource` may end in `*`. */
export const PurposeSchema = z.strictObject({
  id: Id, resource: Id, allowed: List, denied: List, legalBasis: Text, validUntil: Day.or(z.literal('')).default(''), required: z.boolean().default(false).describe('a missing purpose is a finding'), note: Text,
});
export const AssetSchema = z.strictObject({
  id: Id, type: z.string().max(100).default(''), criticality: z.enum(['low', 'medium', 'high', 'critical']).default('medium'), owner: Text, labels: List, note: Text,
});
export const PersonSchema = z.strictObject({
  id: Id, type: z.enum(['user', 'service', 'key', 'agent', 'device']).default('user'), name: Text, email: Text, group: Text.describe('peer group: team, role'), manager: Text, country: z.string().max(2).default(''),
  timeZone: z.string().max(64).default('').describe('IANA name'), roles: List, aliases: List.describe('other ids of the same person'), keys: List.describe('keys and service accounts this person answers for'),
  status: z.enum(['', 'joined', 'moved', 'notice', 'leaving', 'left']).default(''), effective: Day.or(z.literal('')).default(''), note: Text,
});
export const HolidaySchema = z.strictObject({ id: Id, date: Day, country: z.string().max(2).default('').describe("'' means everywhere"), name: Text });
export const EgressSchema = z.strictObject({
  id: Id, kind: z.enum(['vpn', 'office', 'proxy', 'cloud', 'partner']), network: z.string().min(1).max(255).describe('CIDR or host name'), country: z.string().max(2).default(''), note: Text,
});
export const ModelSchema = z.strictObject({
  id: Id, provider: Text, version: Text, digest: Text, owner: Text, riskClass: z.enum(['', 'minimal', 'limited', 'high', 'prohibited']).default(''), approved: z.boolean().default(true), purposes: List, note: Text,
});

export const REGISTER_SCHEMAS = {
  canaries: CanarySchema, purposes: PurposeSchema, assets: AssetSchema, people: PersonSchema, holidays: HolidaySchema, egress: EgressSchema, models: ModelSchema,
} as const;
export type RegisterName = keyof typeof REGISTER_SCHEMAS;
export const REGISTER_NAMES = Object.keys(REGISTER_SCHEMAS) as RegisterName[];
export type RegisterRow<N extends RegisterName> = z.infer<(typeof REGISTER_SCHEMAS)[N]>;

/** All registers at one version; what enrich and protect read. */
export type Registers = { readonly version: number } & { readonly [N in RegisterName]: readonly RegisterRow<N>[] };
export const emptyRegisters = (): Registers => ({ version: 0, canaries: [], purposes: [], assets: [], people: [], holidays: [], egress: [], models: [] });
