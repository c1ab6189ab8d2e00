import type { Technique } from '@wary/model/finding.js';
import { ANALYTIC_TYPE, type AnalyticDescriptor } from './detector.js';

const ATTACK_VERSION = '17.1';
const ATLAS_VERSION = '5.6.0';
const attack = (id: string, name: string): Technique => ({ framework: 'ATT&CK', id, name, version: ATTACK_VERSION });
const atlas = (id: string, name: string): Technique => ({ framework: 'ATLAS', id, name, version: ATLAS_VERSION });
const owasp = (id: string, name: string): Technique => ({ framework: 'OWASP-LLM', id, name, version: '2025' });
const owaspApi = (id: string, name: string): Technique => ({ framework: 'OWASP-API', id, name, version: '2023' });

const BEHAVIOURAL = { typeId: ANALYTIC_TYPE.behavioral, deterministic: false, settings: { weight: 1 }, limits: { openWindowsPerEntityMax: 16, historyWindows: 6 } } as const;
/** About the monitor itself: a handful of tests a day, each far below one in a thousand, beside the budget of the windows. */
const WATCH = { typeId: ANALYTIC_TYPE.statistical, deterministic: false, limits: { sourcesMax: 18, silentHoursMax: 720 } } as const;
const EVIDENCE = { typeId: ANALYTIC_TYPE.rule, deterministic: true, limits: { subjectsPerDayMax: 50_000 } } as const;

/** Every detector, by id. Behavioural ones share the windows and one level; the others speak from a single event or session. */
export const ANALYTICS = {
  volume: {
    id: 'volume', version: 1, name: 'Unusual volume', reason: 'volume', ...BEHAVIOURAL,
    description: 'Requests, downloads, bytes or rows in 5 minutes, an hour or a day beyond what this principal and its peers do.',
    techniques: [attack('T1213', 'Data from Information Repositories'), attack('T1530', 'Data from Cloud Storage'), attack('T1567', 'Exfiltration Over Web Service'), atlas('AML.T0024.002', 'Extract AI Model')],
    duties: ['GDPR 32', 'GDPR 33', 'AI Act 15'], features: ['requests', 'downloads', 'bytes', 'rows'],
    blindSpots: 'Growth slower than the memory of the baseline; a principal that hides inside a bursty history.',
  },
  breadth: {
    id: 'breadth', version: 1, name: 'Unusually many different resources', reason: 'breadth', ...BEHAVIOURAL,
    description: 'More different resources in a window than this principal and its peers touch.',
    techniques: [attack('T1119', 'Automated Collection'), attack('T1083', 'File and Directory Discovery'), owaspApi('API1', 'Broken Object Level Authorization')],
    duties: ['GDPR 5(1)(c)', 'GDPR 32'], features: ['resources'],
    blindSpots: 'Above 24 resources a window counts are estimates within 6.5 %.',
  },
  failures: {
    id: 'failures', version: 1, name: 'Unusually many failures', reason: 'failures', ...BEHAVIOURAL,
    description: 'Failed, denied or refused requests in a window beyond what is usual.',
    techniques: [attack('T1110', 'Brute Force'), attack('T1087', 'Account Discovery'), owaspApi('API2', 'Broken Authentication')],
    duties: ['GDPR 32'], features: ['failures'],
    blindSpots: 'Spraying over many principals with few failures each.',
  },
  cost_tokens: {
    id: 'cost_tokens', version: 1, name: 'Unusual tokens or cost', reason: 'cost_tokens', ...BEHAVIOURAL,
    description: 'Tokens or money spent in a window beyond what is usual.',
    techniques: [atlas('AML.T0034', 'Cost Harvesting'), atlas('AML.T0024.002', 'Extract AI Model'), owasp('LLM10', 'Unbounded Consumption'), attack('T1496', 'Resource Hijacking')],
    duties: ['AI Act 15'], features: ['tokens', 'cost'],
    blindSpots: 'Sources that report neither tokens nor cost.',
  },
  novelty: {
    id: 'novelty', version: 1, name: 'First seen', reason: 'novelty', ...BEHAVIOURAL,
    description: 'A resource, action, country, network, client, model or tool that is new to this principal, and rare or unknown among its peers.',
    techniques: [attack('T1078', 'Valid Accounts'), attack('T1213', 'Data from Information Repositories'), atlas('AML.T0012', 'Valid Accounts')],
    duties: ['GDPR 32'], features: ['resource', 'action', 'country', 'network', 'client', 'model', 'tool'],
    blindSpots: 'Each principal remembers its 16 latest values of a category.',
  },
  off_hours: {
    id: 'off_hours', version: 1, name: 'Unusual time of the week', reason: 'off_hours', ...BEHAVIOURAL,
    description: 'Activity in an hour of the week, in local time and with holidays, in which neither this principal nor its peers are active.',
    techniques: [attack('T1078', 'Valid Accounts')],
    duties: ['GDPR 32'], features: ['hour_of_week'],
    blindSpots: 'Silent until two weeks are known, and weak by itself for months: a week has only 168 hours.',
  },
  activity: {
    id: 'activity', version: 1, name: 'Unusual combination of acts', reason: 'activity', ...BEHAVIOURAL,
    description: 'A day on which several things come together that each are not usual for this principal: acts it has hardly ever done, at hours it does not keep, at a machine it has not used before, more of them than usual, or one that has been done on more and more days for weeks.',
    techniques: [attack('T1052.001', 'Exfiltration over USB'), attack('T1567.002', 'Exfiltration to Cloud Storage'), attack('T1074', 'Data Staged'), attack('T1078', 'Valid Accounts')],
    duties: ['GDPR 32', 'GDPR 33'], features: ['action', 'resource type', 'label', 'hours', 'device'],
    blindSpots: 'One unusual thing by itself; what is done as often as before; acts beyond the 32 latest of a principal, machines beyond the four latest.',
  },
  sequence: {
    id: 'sequence', version: 1, name: 'Unusual order of acts', reason: 'sequence', ...BEHAVIOURAL,
    description: 'A day on which this principal does what it usually does, but in an order that neither it nor its peers keep: the acts of a day as a variable-order Markov chain, against the same acts in any order.',
    techniques: [attack('T1078', 'Valid Accounts'), attack('T1550', 'Use Alternate Authentication Material'), attack('T1119', 'Automated Collection'), atlas('AML.T0012', 'Valid Accounts')],
    duties: ['GDPR 32'], features: ['order of acts'],
    blindSpots: 'Who has no order to keep; acts that are new, which other detectors see; the order within runs of one act; beyond 96 acts, pairs and triples a principal (32 once compacted) the rarest are forgotten.',
  },
  growth: {
    id: 'growth', version: 1, name: 'More from day to day', reason: 'growth', ...BEHAVIOURAL,
    description: 'A principal that does more than it used to, working day after working day: requests, downloads, bytes, different resources or tokens, each held against days that lie further back. No single day need be unusual.',
    techniques: [attack('T1030', 'Data Transfer Size Limits'), attack('T1213', 'Data from Information Repositories'), atlas('AML.T0024.002', 'Extract AI Model'), atlas('AML.T0034', 'Cost Harvesting')],
    duties: ['GDPR 32', 'GDPR 33', 'AI Act 15'], features: ['requests', 'downloads', 'bytes', 'resources', 'tokens'],
    blindSpots: 'The first four weeks of a principal; weekends; growth so slow that the days of a quarter take it in; honest growth, which is told once.',
  },
  repeats: {
    id: 'repeats', version: 1, name: 'One object again and again', reason: 'repeats', ...BEHAVIOURAL,
    description: 'One record, document or other object, or one and the same call of a tool, that a principal looks at, or comes back to, far more often in a day than it and its peers do with any of that type; or more often than usual for days on end.',
    techniques: [attack('T1213.006', 'Data from Information Repositories: Databases'), atlas('AML.T0034.002', 'Cost Harvesting: Agentic Resource Consumption'), attack('T1499', 'Endpoint Denial of Service')],
    duties: ['GDPR 5(1)(b)', 'GDPR 25', 'GDPR 32', 'AI Act 14'], features: ['resource', 'tool arguments'],
    blindSpots: 'Objects that a fifth of the peers know; calls whose arguments the source does not send; more than 24 objects a day are counted from below.',
  },
  changes: {
    id: 'changes', version: 1, name: 'Unusual changes', reason: 'changes', ...BEHAVIOURAL,
    description: 'Deletions, things switched off, changes and rights given, each by the type of what it is done to, that a principal and its peers hardly ever do, or not so often; or that are done on more and more days.',
    techniques: [attack('T1485', 'Data Destruction'), attack('T1565.001', 'Stored Data Manipulation'), attack('T1562.008', 'Impair Defenses: Disable or Modify Cloud Logs'), attack('T1098.003', 'Account Manipulation: Additional Cloud Roles'), atlas('AML.T0059', 'Erode Dataset Integrity')],
    duties: ['AI Act 10', 'AI Act 12', 'AI Act 15', 'GDPR 32'], features: ['action', 'resource type'],
    blindSpots: 'Actions whose verb is not known; what administrators do every day; a change that is wrong, but usual.',
  },
  concurrent_use: {
    id: 'concurrent_use', version: 1, name: 'Used from two places at once', reason: 'concurrent_use', ...BEHAVIOURAL,
    description: 'An account that goes back and forth, within an hour, between networks, programs or devices far more often in a day than it and its peers do: more than one person, or somebody else with its session.',
    techniques: [attack('T1078', 'Valid Accounts'), attack('T1550', 'Use Alternate Authentication Material'), atlas('AML.T0012', 'Valid Accounts')],
    duties: ['GDPR 32', 'AI Act 26'], features: ['network', 'client', 'device'],
    blindSpots: 'Those who share one machine, or take turns; places behind a registered egress look alike unless the device is sent.',
  },
  other_purpose: {
    id: 'other_purpose', version: 1, name: 'A purpose of others', reason: 'other_purpose', ...BEHAVIOURAL,
    description: 'Data used for a purpose that a register may allow, but that neither this principal nor its peers have; or on more and more days.',
    techniques: [attack('T1213', 'Data from Information Repositories')],
    duties: ['GDPR 5(1)(b)', 'GDPR 6(4)', 'AI Act 26'], features: ['purpose'],
    blindSpots: 'Purposes that are declared untruthfully, as one\'s own; groups that have all purposes; who changes department looks alike at first.',
  },
  canary: {
    id: 'canary', version: 1, name: 'Canary touched', reason: 'canary', ...EVIDENCE, settings: {},
    description: 'A honeytoken was read, used or appeared in content. Nobody has a reason to.',
    techniques: [attack('T1213', 'Data from Information Repositories'), atlas('AML.T0057', 'LLM Data Leakage'), owasp('LLM02', 'Sensitive Information Disclosure')],
    duties: ['GDPR 33'], features: ['canaries'], blindSpots: 'Content that the source does not send.',
  },
  secret_in_output: {
    id: 'secret_in_output', version: 1, name: 'Secret in an output', reason: 'secret_in_output', ...EVIDENCE, settings: {},
    description: 'A key, token or password in a model answer or tool result.',
    techniques: [atlas('AML.T0057', 'LLM Data Leakage'), attack('T1552', 'Unsecured Credentials'), owasp('LLM02', 'Sensitive Information Disclosure')],
    duties: ['GDPR 32'], features: ['secretsOutput'], blindSpots: 'Secrets without a recognisable form.',
  },
  personal_data_bulk: {
    id: 'personal_data_bulk', version: 1, name: 'Personal data in bulk', reason: 'personal_data_bulk', ...EVIDENCE,
    settings: { eventItemsMin: 25, hourItemsMin: 100 },
    description: 'Many items of personal data in one output, pasted into one input, or over an hour, without an allowed purpose.',
    techniques: [atlas('AML.T0057', 'LLM Data Leakage'), attack('T1567', 'Exfiltration Over Web Service'), owasp('LLM02', 'Sensitive Information Disclosure')],
    duties: ['GDPR 5(1)(c)', 'GDPR 33', 'AI Act 26'], features: ['piiInput', 'piiOutput'], blindSpots: 'Names and addresses, which have no checkable form.',
  },
  purpose: {
    id: 'purpose', version: 1, name: 'Purpose not allowed', reason: 'purpose', ...EVIDENCE, settings: {},
    description: 'Data used for a purpose that its register denies, does not know, or requires and did not get.',
    techniques: [attack('T1213', 'Data from Information Repositories')],
    duties: ['GDPR 5(1)(b)', 'GDPR 6(4)', 'AI Act 10(2)'], features: ['purposeVerdict'], blindSpots: 'Purposes that are declared untruthfully.',
  },
  impossible_travel: {
    id: 'impossible_travel', version: 1, name: 'Impossible travel', reason: 'impossible_travel', ...EVIDENCE,
    settings: { speedKmPerHourMax: 1_000, distanceKmMin: 500 },
    description: 'Successful use from two places that nobody can reach in the time between, and back again. Registered and shared egress, known countries and the same device do not count.',
    techniques: [attack('T1078', 'Valid Accounts'), attack('T1550', 'Use Alternate Authentication Material'), atlas('AML.T0012', 'Valid Accounts')],
    duties: ['GDPR 32'], features: ['country'], blindSpots: 'Country is all it knows of a place; neighbouring countries count as touching. One way alone is not raised.',
  },
  sensitive_egress: {
    id: 'sensitive_egress', version: 1, name: 'Sensitive read, then sent out', reason: 'sensitive_egress', ...EVIDENCE,
    settings: { sessionMinutesMax: 60 },
    description: 'An agent or service read secrets or sensitive data and then, in the same session, sent something to a place it had not used before.',
    techniques: [atlas('AML.T0086', 'Exfiltration via AI Agent Tool Invocation'), atlas('AML.T0051.001', 'LLM Prompt Injection: Indirect'), owasp('LLM06', 'Excessive Agency'), attack('T1567', 'Exfiltration Over Web Service')],
    duties: ['GDPR 33', 'AI Act 14', 'AI Act 15'], features: ['resource', 'action', 'labels'], blindSpots: 'Sends to a destination the agent uses every day; tools that are not logged; the first three days of an agent.',
  },
  injection_campaign: {
    id: 'injection_campaign', version: 1, name: 'Prompt-injection campaign', reason: 'injection_campaign', typeId: ANALYTIC_TYPE.statistical, deterministic: false,
    settings: { flaggedShareAttack: 0.5, flaggedShareUsual: 0.02, thresholdDecades: 4 }, limits: { sessionsMax: 20_000 },
    description: 'Prompts that try to override instructions, one after another: sequential evidence over a principal, not one suspicious sentence.',
    techniques: [atlas('AML.T0051.000', 'LLM Prompt Injection: Direct'), atlas('AML.T0054', 'LLM Jailbreak'), owasp('LLM01', 'Prompt Injection')],
    duties: ['AI Act 15(5)'], features: ['inputMessages', 'finishReasons', 'outcome'], blindSpots: 'Injections written as ordinary text; sources without content leave only refusals.',
  },
  campaign: {
    id: 'campaign', version: 1, name: 'Campaign over many', reason: 'campaign', typeId: ANALYTIC_TYPE.statistical, deterministic: false,
    settings: { membersMin: 3 }, limits: { poolsPerHourMax: 4_096, poolsMax: 16_384, membersNamedMax: 24 },
    description: 'Many principals that have a network, a client program or a model in common, and of whom more than usual are a little unusual in the same hour or day, or day after day: each alone may be below its level, together they are not. What everybody else does at the same time is held against it.',
    techniques: [attack('T1110.003', 'Password Spraying'), atlas('AML.T0024.002', 'Extract AI Model'), atlas('AML.T0034', 'Cost Harvesting'), attack('T1078', 'Valid Accounts')],
    duties: ['GDPR 32', 'AI Act 15(5)'], features: ['volume', 'breadth', 'failures', 'cost_tokens'],
    blindSpots: 'Accounts with nothing in common; fewer than four that have; accounts that are so new that they have no baseline; what a campaign does when it is most of a network or model for weeks. Hours are judged two hours later, days when they are over.',
  },
  silent_source: {
    id: 'silent_source', version: 1, name: 'Source has fallen silent', reason: 'silent_source', ...WATCH, settings: { decadesMin: 3 },
    description: 'A source, or all of them, that used to send has stopped, by the hours of the week at which it usually does. Nights, weekends and a holiday or two are no silence.',
    techniques: [attack('T1562.008', 'Impair Defenses: Disable or Modify Cloud Logs'), attack('T1562.006', 'Impair Defenses: Indicator Blocking')],
    duties: ['AI Act 12', 'AI Act 26(6)', 'GDPR 32'], features: ['events by hour'],
    blindSpots: 'Sources known for less than two weeks. One with the rhythm of people is told after three silent working days, one around the clock within hours.',
  },
  firing_shift: {
    id: 'firing_shift', version: 1, name: 'Detector fires more or no longer', reason: 'firing_shift', ...WATCH, settings: { decadesMin: 3.5 },
    description: 'A detector raises far more findings on a day than it usually does, or none for days where some were to be expected.',
    techniques: [attack('T1562', 'Impair Defenses')], duties: ['AI Act 15', 'AI Act 26(5)'], features: ['findings by day'],
    blindSpots: 'Detectors that fire less than about once a day; slow change; rules, which have a health of their own.',
  },
  starved_baseline: {
    id: 'starved_baseline', version: 1, name: 'Baselines are starved', reason: 'starved_baseline', ...WATCH, settings: { decadesMin: 4 },
    description: 'On a day most of the hours of a kind of principal are of ones without a baseline of their own, where that is not usual: ids have changed, or there are more of them than are kept.',
    techniques: [attack('T1562', 'Impair Defenses')], duties: ['AI Act 15'], features: ['hours without an own baseline'],
    blindSpots: 'Fewer than thirty hours of activity a day; a share that was always high.',
  },
  entity_flood: {
    id: 'entity_flood', version: 1, name: 'Flood of new entities', reason: 'entity_flood', ...WATCH, settings: { decadesMin: 4 },
    description: 'Far more principals of a kind that nobody had heard of on a day than are usual: accounts, keys or devices made up in bulk, an id that is new with each call, or an attempt to have the known ones forgotten.',
    techniques: [attack('T1136', 'Create Account'), attack('T1499', 'Endpoint Denial of Service'), attack('T1562', 'Impair Defenses')], duties: ['AI Act 15', 'GDPR 32'], features: ['new principals by day'],
    blindSpots: 'The first two weeks; fewer than 200 newcomers a day, or five times the most that is usual; newcomers that come a few more each day.',
  },
  coverage_gap: {
    id: 'coverage_gap', version: 1, name: 'Source sends less than it did', reason: 'coverage_gap', ...WATCH, settings: { decadesMin: 4 },
    description: 'Events of a source lack, for a day, what most of them had before and detectors read: content, client address, bytes, resource.',
    techniques: [attack('T1562.008', 'Impair Defenses: Disable or Modify Cloud Logs')], duties: ['AI Act 12', 'AI Act 26(6)'], features: ['fields by source'],
    blindSpots: 'Sources with fewer than 200 events a day; what fewer than a fifth of the events have.',
  },
  drift: {
    id: 'drift', version: 1, name: 'Drift of a model', reason: 'drift', typeId: ANALYTIC_TYPE.statistical, deterministic: false,
    settings: { decadesMin: 5, effectMin: 0.2 }, limits: { subjectsMax: 256, streamsPerSubjectMax: 64 },
    description: 'What a model is asked, what it answers, how sure it is, how it runs or how often it is right has changed for good: by hours, against its own rhythm, with effect and evidence apart. A release explains a change for a week.',
    techniques: [atlas('AML.T0020', 'Poison Training Data'), atlas('AML.T0031', 'Erode AI Model Integrity')],
    duties: ['AI Act 15', 'AI Act 72', 'AI Act 26(5)'], features: ['input length', 'answer length', 'finish reasons', 'labels', 'confidence', 'features', 'latency', 'errors', 'truth'],
    blindSpots: 'The first week of a model and fewer than 60 hours with events; change slower than the memory of about 1,000 hours; change of the spread alone; the language and the meaning of content; truth that comes without the label it is about.',
  },
  retraining: {
    id: 'retraining', version: 1, name: 'Retraining asked for', reason: 'retraining', typeId: ANALYTIC_TYPE.statistical, deterministic: false,
    settings: { lossMin: 0.02, labelsMin: 100, decisionsMin: 500, coolDownDays: 14 }, limits: { subjectsMax: 256 },
    description: 'Asks a person whether to retrain: labels that came later show a loss, or something has drifted and the error estimated from confidence has risen with it, or groups of people are treated differently. Nothing happens without an answer.',
    techniques: [atlas('AML.T0031', 'Erode AI Model Integrity')],
    duties: ['AI Act 14', 'AI Act 15', 'AI Act 72'], features: ['truth', 'confidence', 'drift', 'groups'],
    blindSpots: 'Models that send neither confidence nor truth; confidence that is wrong in a way no label has shown yet.',
  },
  group_gap: {
    id: 'group_gap', version: 1, name: 'Groups are treated differently', reason: 'group_gap', typeId: ANALYTIC_TYPE.statistical, deterministic: false,
    settings: { decadesMin: 3, effectMin: 0.1 }, limits: { subjectsMax: 256, comparisonsPerSubjectMax: 64 },
    description: 'A model decides otherwise about one group of people than about the rest in the same hours, or is wrong about it more often: a test that may be looked at after every hour, with effect and evidence apart.',
    techniques: [atlas('AML.T0048.002', 'Societal Harm')], duties: ['AI Act 10(2)(f)', 'AI Act 15', 'AI Act 26(5)', 'GDPR 22'], features: ['groups', 'labels', 'truth'],
    blindSpots: 'Decisions without groups; groups that never come within a day of each other; a reason that may count is not told from one that may not; of an attribute eight groups and four labels.',
  },
  version_gap: {
    id: 'version_gap', version: 1, name: 'One version does better than another', reason: 'version_gap', typeId: ANALYTIC_TYPE.statistical, deterministic: false,
    settings: { decadesMin: 3, effectMin: 0.05 }, limits: { subjectsMax: 256, comparisonsPerSubjectMax: 64 },
    description: 'Of two versions of a model that answer at the same time, the newer one is wrong or fails more or less often than the older one: champion and challenger, with effect and evidence apart.',
    techniques: [atlas('AML.T0031', 'Erode AI Model Integrity')], duties: ['AI Act 15', 'AI Act 72'], features: ['version', 'truth', 'errors'],
    blindSpots: 'Versions that follow each other without answering side by side; requests that are not shared out by chance; versions without labels are compared by failed requests alone.',
  },
} as const satisfies Record<string, AnalyticDescriptor>;

export type AnalyticId = keyof typeof ANALYTICS;
export const DETECTORS: readonly AnalyticDescriptor[] = Object.values(ANALYTICS);
