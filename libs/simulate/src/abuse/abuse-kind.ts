/** How plain an attack is: all at once, over a day or two, or as little at a time as still gets there. */
export const INTENSITIES = ['blatant', 'moderate', 'slow'] as const;
export type Intensity = (typeof INTENSITIES)[number];

export interface AbuseFacts {
  readonly title: string;
  /** ATT&CK and ATLAS. */
  readonly techniques: readonly string[];
  /** AI Act (ACT) and GDPR (G) articles that it touches. */
  readonly duties: readonly string[];
}

/** The attacks that behaviour alone can show, with what they are called elsewhere (capability catalogue: IN-1 … IN-11, ME-1 … ME-3, IA-1, IA-3, AG-3, AG-5, PU-1, PU-2, AP-1, AP-5). */
export const ABUSE = {
  leaver_night: { title: 'leaver\'s night', techniques: ['T1213', 'T1567'], duties: ['G 32', 'G 33'] },
  slow_drip: { title: 'slow drip over 40 days', techniques: ['T1213', 'T1030', 'T1567'], duties: ['G 32', 'G 33'] },
  boiling_frog: { title: 'boiling frog', techniques: ['T1213', 'AML.T0034'], duties: ['G 32', 'ACT 15'] },
  stolen_key: { title: 'stolen key in bulk', techniques: ['T1078', 'T1496', 'AML.T0012', 'AML.T0034'], duties: ['G 32', 'ACT 15'] },
  extraction_one: { title: 'extraction by one account', techniques: ['AML.T0024.002', 'AML.T0005.001'], duties: ['ACT 15'] },
  extraction_ten: { title: 'extraction by ten accounts', techniques: ['AML.T0024.002', 'AML.T0021', 'T1585'], duties: ['ACT 15'] },
  membership_probing: { title: 'membership probing', techniques: ['AML.T0024.000', 'AML.T0063'], duties: ['G 5(1)(f)', 'G 32'] },
  agent_loop: { title: 'agent loop', techniques: ['AML.T0034.002', 'T1499'], duties: ['ACT 14', 'ACT 15'] },
  read_then_send: { title: 'sensitive read then send out', techniques: ['AML.T0086', 'T1567'], duties: ['ACT 14', 'G 32', 'G 33'] },
  one_record: { title: 'one record by many small queries', techniques: ['T1213.006'], duties: ['G 5(1)(b)', 'G 25', 'G 32'] },
  purpose_misuse: { title: 'misuse under another purpose', techniques: ['T1213'], duties: ['G 5(1)(b)', 'G 6(4)', 'ACT 26'] },
  spray_success: { title: 'spraying then success', techniques: ['T1110.003', 'T1078.004'], duties: ['G 32', 'G 33'] },
  privilege_creep: { title: 'privilege creep', techniques: ['T1098.003', 'T1078'], duties: ['G 32', 'ACT 14'] },
  sabotage: { title: 'sabotage', techniques: ['T1485', 'T1565.001', 'T1562.008', 'AML.T0059'], duties: ['ACT 12', 'ACT 15', 'G 32'] },
  account_sharing: { title: 'account sharing', techniques: ['T1078', 'T1550'], duties: ['G 32', 'ACT 26'] },
} as const satisfies Readonly<Record<string, AbuseFacts>>;
export type AbuseKind = keyof typeof ABUSE;
export const ABUSE_KINDS = Object.keys(ABUSE) as AbuseKind[];

/** What looks like them and is all right. */
export const TWINS = {
  vpn_users: 'people who go out through a commercial VPN, another country at a time',
  office_provider: 'an office changes its provider',
  cloud_move: 'customers move to another cloud, some with a new client',
  quarter_end: 'finance closes the quarter: three long days, and the closing service with them',
  outage: 'the model provider is down for two hours, and clients try again',
  clean_up: 'old documents and tables are deleted on request',
  hand_over: 'somebody takes over the work of a colleague in another department',
} as const;
export type TwinKind = keyof typeof TWINS;
export const TWIN_KINDS = Object.keys(TWINS) as TwinKind[];
