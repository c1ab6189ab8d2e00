import type { Capability } from './capability.js';

const PEOPLE = ['user'] as const;

/** IN-1 … IN-11. Insiders use the rights they have (CTID Insider Threat TTP Knowledge Base v2: no privilege escalation seen), so volume, novelty and purpose inside granted rights come before escalation. */
export const INSIDER: readonly Capability[] = [
  {
    id: 'IN-1', name: 'Mass download', about: 'Somebody takes more documents, rows or bytes than they and their peers ever do, at once or a little more each day.',
    parts: [
      { detector: 'volume', entities: ['user', 'service', 'agent'], features: ['downloads', 'bytes', 'rows'] }, { detector: 'breadth', entities: ['user', 'agent'] }, { detector: 'growth', entities: ['user'] }, { detector: 'personal_data_bulk', entities: ['user', 'agent'] },
      { rule: '0a73cf75-677a-4919-b4e5-fc67ed30e4a4', title: 'Leaver Collects Documents Or Data' }, { rule: '2d5b386d-ba62-4112-84f2-a824cd9bc9e1', title: 'Agent Or Key Reads Personal Data In Bulk' },
      { rule: 'a226936d-f702-427b-b901-e27c85166c3f', title: 'Personal Data Exported Without A Purpose' }, { rule: '1f2ea794-f795-4023-a694-27f3bd60cb97', title: 'Embeddings Exported With Their Vectors' }, { rule: '3f887c8f-7423-44c5-81d6-8689723f9d67', title: 'Model Weights Downloaded By A Person Or Agent' },
    ],
    tags: ['attack.t1213', 'attack.t1530', 'attack.t1119', 'attack.t1005', 'attack.t1567.002', 'attack.t1537', 'attack.t1048', 'attack.t1030', 'atlas.aml.t0025', 'atlas.aml.t0085'],
    duties: ['GDPR 5(1)(f)', 'GDPR 32', 'GDPR 33', 'AI Act 15'],
    runbook: 'See what was taken and whether it has left: first the destination, then the person. Ask the lead for a hand-over, an export or a migration; without one, hold the exports of the account and keep the evidence.',
    blindSpots: 'A few pages a day within the usual spread for the first four weeks; pictures of the screen.',
    scenario: 'mass_download', twin: 'quarter_end_close',
  },
  {
    id: 'IN-2', name: 'Work outside hours', about: 'Somebody is active in hours of the week in which neither they nor their peers work.',
    parts: [{ detector: 'off_hours', entities: PEOPLE }, { detector: 'activity', entities: PEOPLE, features: ['acts_time', 'acts_moves_off_hours'] }, { detector: 'volume', entities: PEOPLE, features: ['hour_of_week', 'acts_moves_off_hours'] }, { detector: 'breadth', entities: PEOPLE, features: ['hour_of_week', 'acts_moves_off_hours'] }],
    tags: ['attack.t1078'], duties: ['GDPR 32', 'GDPR 88'],
    runbook: 'Look at what was done, not only when. Check travel, shifts and on-call duty before asking the person; the hour alone is no offence.',
    blindSpots: 'The first two weeks of a person; people without a rhythm.',
    scenario: 'night_work', twin: 'overtime',
  },
  {
    id: 'IN-3', name: 'New and rare access', about: 'Somebody uses a resource, application, tool or model that is new to them and rare among their peers.',
    parts: [{ detector: 'novelty', entities: PEOPLE, features: ['resource', 'action', 'model', 'tool'] }, { detector: 'activity', entities: PEOPLE, features: ['acts_data', 'acts_web', 'acts_removable', 'acts_model', 'acts_mail'] }, { rule: '180b4194-24ea-493d-beec-f2f29dbd5956', title: 'Production Secret Of A Model Service Read By A Person' }],
    tags: ['attack.t1213', 'attack.t1087', 'attack.t1526'], duties: ['GDPR 5(1)(c)', 'GDPR 25', 'GDPR 32'],
    runbook: 'Check what is new, and whether a move, a project or a hand-over explains it. If the right exists without a reason, take it back.',
    blindSpots: 'One new thing among a person\'s many; a newcomer\'s first weeks.',
    scenario: 'strange_data', twin: 'new_joiner',
  },
  {
    id: 'IN-4', name: 'Privilege creep', about: 'Rights are given to oneself, to machines, or in combinations that bring something into production past every other pair of eyes.',
    parts: [
      { rule: 'e88e1b0e-18b8-4b4f-83fd-dc798087ea3f', title: 'Rights Granted To Oneself' }, { rule: 'ee1c75c0-c351-4dc8-a5fb-8be9e4b55a3a', title: 'Agent, Key Or Service Made An Administrator' }, { rule: '090352cb-e49c-447b-90fb-7daca4a71e01', title: 'Rights That Do Not Go Together' },
      { rule: '3adf3dfe-a00e-4183-9aa9-33b99f9bd6e4', title: 'Agent Grants Rights Or Makes Keys' }, { rule: '8f415391-8727-47cb-8d41-02d002ea3eff', title: 'API Key Created With All Or Administrative Scopes' }, { rule: '3c617e9e-8191-495f-a750-8a5b4e22a2e7', title: 'API Key Created Without An Expiry' },
    ],
    tags: ['attack.t1098.001', 'attack.t1098.003', 'attack.t1136.003', 'attack.t1078', 'owasp.api5-2023'], duties: ['GDPR 32', 'AI Act 14', 'AI Act 15'],
    runbook: 'Take the right back. Ask the person\'s lead, not the person, and look at what was done with it in between.',
    blindSpots: 'Rights that were given and are not used: grants are not held against use yet; grants of directories that do not send them.',
    scenario: 'privilege_creep', twin: 'onboarding_rights',
  },
  {
    id: 'IN-5', name: 'Staging, then exfiltration', about: 'Data are collected, packed or encrypted, and then sent outside or copied to a medium.',
    parts: [
      { rule: '5c6f7e31-979b-4751-b7f4-4ee9305028cb', title: 'Packed, Then Sent Outside' }, { rule: 'bba57787-4371-480c-95ce-6b16fbc2d7a1', title: 'Guard Switched Off, Then Data Taken' }, { rule: '0fe66974-b810-4db8-900a-7ab5fa38914b', title: 'Large Copy To Removable Media' },
      { rule: '89373103-e5fa-4e1f-8128-cb3f32c69b82', title: 'Model Weights Sent Outside' }, { rule: 'ec81c7de-750c-4b9a-93d8-b7a5f341f07c', title: 'Upload To An AI Provider That Is Not Ours' }, { rule: '69e1fa08-2517-4c17-bdbe-e775a26e4b26', title: 'Agent Reads Planted Instructions And Sends Something' },
      { detector: 'sensitive_egress' }, { detector: 'activity', entities: PEOPLE, features: ['acts_removable', 'acts_web', 'acts_moves_off_hours'] }, { detector: 'sequence', entities: PEOPLE },
    ],
    tags: ['attack.t1074', 'attack.t1560', 'attack.t1020', 'attack.t1030', 'attack.t1567', 'attack.t1052.001', 'atlas.aml.t0025'], duties: ['GDPR 32', 'GDPR 33', 'GDPR 34'],
    runbook: 'Keep the archive and the log of the transfer. Block the destination, end the sessions, and start the clock of the breach (72 hours from now) until it is shown to be none.',
    blindSpots: 'Packing on machines whose log does not arrive; more than a day between packing and sending.',
    scenario: 'staged_exfiltration', twin: 'archive_to_share',
  },
  {
    id: 'IN-6', name: 'Sabotage', about: 'Data, models or their guards are deleted, changed or switched off by somebody who may.',
    parts: [
      { detector: 'changes', entities: ['user', 'agent', 'service', 'key'], features: ['switch_off', 'alter'] },
      { rule: '21b65f5f-7203-4121-b528-adaebcdbc440', title: 'Models, Data Or Indices Deleted In Series' }, { rule: 'a899941e-a5ba-4f35-83db-84e0fccc529a', title: 'Audit Or Invocation Log Switched Off' }, { rule: 'f7e38244-1e3f-4221-a0bf-c5dc94c8959d', title: 'Guardrail Or Content Filter Switched Off Or Loosened' },
      { rule: '477fd489-bf5a-4fb3-9391-af8211d9df11', title: 'Training Or Evaluation Data Changed By Hand' }, { rule: 'eb395eaf-21e4-4a3e-8e3b-a38ff2c379f5', title: 'Production Model Or Endpoint Deleted' }, { rule: '6796c67a-c6ae-4908-8574-b412771e2c7a', title: 'Model Card, Evaluation Or Bill Of Materials Removed' },
      { rule: 'd468bd98-d835-4694-857b-15997d687dce', title: 'Vector Store Or Index Deleted Or Emptied' }, { rule: '122e896b-d53a-4de6-b765-a9a7483e8bf0', title: 'Agent Deletes A Model, Data Set Or Store' }, { rule: 'ed7eee42-9981-4355-83cc-9246bd09d91c', title: 'Instructions, Tools Or Guardrails Of An Agent Changed Without A Change Number' },
      { rule: '6a75a415-a647-42f9-b981-aab7f375e558', title: 'Encryption Or Isolation Of An AI Store Or Endpoint Switched Off' }, { rule: '4d9260e8-a720-4a34-b94a-6cb14cbb1c7a', title: 'Rate Limit Or Budget Of A Model Removed' },
    ],
    tags: ['attack.t1485', 'attack.t1565.001', 'attack.t1489', 'attack.t1562.001', 'attack.t1562.008', 'attack.t1070', 'attack.t1531', 'atlas.aml.t0031', 'atlas.aml.t0059', 'atlas.aml.t0018', 'atlas.aml.t0081', 'atlas.aml.t0101'], duties: ['AI Act 12', 'AI Act 15', 'GDPR 5(1)(d)', 'GDPR 32'],
    runbook: 'Stop the account and switch the guard on again. Restore from before the first change, and run the evaluation over every model that was trained on what was touched.',
    blindSpots: 'A few rows of training data among many edits that are ordinary.',
    scenario: 'sabotage', twin: 'clean_up',
  },
  {
    id: 'IN-7', name: 'Account sharing', about: 'Several people work under one account or key.',
    parts: [{ detector: 'concurrent_use', entities: PEOPLE }, { detector: 'impossible_travel' }, { detector: 'novelty', entities: PEOPLE, features: ['network', 'client', 'country'] }, { rule: 'd1425190-bff2-4014-95fc-45522ba0415e', title: 'Account Signed In On Four Machines In A Day' }, { rule: '5e375623-a191-4157-9a88-d2358c0fca35', title: 'Session Used From Two Networks With Two Programs' }, { rule: 'd25977d7-e856-4005-853a-fafda0ea41f5', title: 'API Key Shared By Many Clients' }, { rule: '334522bb-7ea1-4751-ad20-3aa0950d19ea', title: 'API Key Used From Several Countries' }],
    tags: ['attack.t1078', 'attack.t1550'], duties: ['GDPR 32', 'AI Act 26'],
    runbook: 'Compare devices and sessions that overlap, and ask the owner of the account who else uses it. Give everybody an account of their own; end the sessions of the others.',
    blindSpots: 'Two people at one machine, or in one network with the same program.',
    scenario: 'account_sharing', twin: 'vpn_user',
  },
  {
    id: 'IN-8', name: 'Credential compromise', about: 'An account is used by somebody else: from a new network and device, looking around, with an unusual mix of calls.',
    parts: [
      { rule: '5e375623-a191-4157-9a88-d2358c0fca35', title: 'Session Used From Two Networks With Two Programs' }, { rule: '66b9317b-37e8-480c-9ba6-052327d0c646', title: 'Password Spraying With A Success' }, { rule: '184c6778-d183-4457-8495-637b7d7fbd41', title: 'One Account Tries Many Closed Doors' },
      { rule: 'c36490c4-e572-4a49-b9e9-6b39929a5f9b', title: 'Service Account Signs In Like A Person' }, { rule: '55008234-87f1-41e7-b7a3-1e68653b6fdb', title: 'Account Of Somebody Who Has Left Is Used' }, { rule: '9f850786-ca0e-4b51-989f-0a77ebdc36cd', title: 'Emergency Account Used' },
      { detector: 'impossible_travel' }, { detector: 'sequence', entities: PEOPLE }, { detector: 'failures', entities: PEOPLE }, { detector: 'novelty', entities: PEOPLE, features: ['network', 'client', 'country'] },
    ],
    tags: ['attack.t1078.004', 'attack.t1539', 'attack.t1528', 'attack.t1110', 'attack.t1621', 'atlas.aml.t0012', 'atlas.aml.t0091'], duties: ['GDPR 32', 'GDPR 33'],
    runbook: 'End all sessions, revoke tokens and reset the credentials. Then ask the person over another channel, and read the log from the first foreign event on.',
    blindSpots: 'A thief at the person\'s own machine.',
    scenario: 'session_taken', twin: 'business_trip',
  },
  {
    id: 'IN-9', name: 'Leaver and mover', about: 'Somebody who has given notice, or has moved, takes what they no longer need.',
    parts: [
      { rule: '0a73cf75-677a-4919-b4e5-fc67ed30e4a4', title: 'Leaver Collects Documents Or Data' }, { rule: '55008234-87f1-41e7-b7a3-1e68653b6fdb', title: 'Account Of Somebody Who Has Left Is Used' },
    ],
    tags: ['attack.t1213', 'attack.t1567', 'attack.t1052'], duties: ['GDPR 32', 'GDPR 33', 'GDPR 88'],
    runbook: 'Speak with the lead and with human resources first. Narrow the rights to what the hand-over needs, and keep the evidence; the watch ends with the status.',
    blindSpots: 'People whose status no feed sends; what was taken before the notice.',
    scenario: 'leaver_night', twin: 'leaver_hands_over',
  },
  {
    id: 'IN-10', name: 'Misuse of AI by staff', about: 'Customer data are pasted into a model in bulk, people are looked up without a case, or guardrails are talked around.',
    parts: [
      { detector: 'repeats', entities: PEOPLE, features: ['looks'] }, { detector: 'other_purpose', entities: PEOPLE },
      { detector: 'personal_data_bulk', entities: ['user'] }, { detector: 'injection_campaign', entities: ['user'] }, { detector: 'purpose', entities: ['user'] },
      { rule: '9c194a04-1285-4c08-9ca1-02b4d3865777', title: 'List Of People Pasted Into A Prompt' }, { rule: 'f675d481-4127-4695-967b-69bbb711a6cb', title: 'Protected Person Looked Up Without A Case' }, { rule: '9678ff15-523d-4f36-bdda-a3114a591e22', title: 'One Account Tries One Injection After The Other' },
      { rule: '6d658b54-5dbc-425a-a16d-7bdf1738a121', title: 'Access Token Of A Code Or Model Platform In A Prompt' }, { rule: 'ec81c7de-750c-4b9a-93d8-b7a5f341f07c', title: 'Upload To An AI Provider That Is Not Ours' }, { rule: '7edd2fdc-08c5-4193-bcab-66417a2ca285', title: 'Data Taken For A Purpose That Is Ruled Out' },
    ],
    tags: ['attack.t1213', 'atlas.aml.t0057', 'owasp.llm02-2025'], duties: ['GDPR 5(1)(b)', 'GDPR 5(1)(c)', 'GDPR 25', 'GDPR 32', 'AI Act 26'],
    runbook: 'See whose data it was and where they went; have the provider delete them. Ask for the case that explains the look-up. Whether it is a breach is decided with the privacy officer.',
    blindSpots: 'Sources that send no content; data that were typed in other words.',
    scenario: 'customer_paste', twin: 'single_letter',
  },
  {
    id: 'IN-11', name: 'Introducing vulnerabilities', about: 'A model, dependency or release reaches production unsigned, unpinned, untested, unreviewed or by hand.',
    parts: [
      { rule: 'b26db444-bae9-4b33-baa6-7daac439e794', title: 'Unsigned Model Deployed' }, { rule: '178cf3c9-6eb1-4422-af0d-83192102b267', title: 'Model Deployed To Production Without Review' }, { rule: 'cfc06ac9-3dd9-4771-8910-2c12b1db4c3e', title: 'Model Pushed To The Registry Outside Of The Pipeline' },
      { rule: 'bab0e8ad-7769-4d92-bc07-a99bb6b07142', title: 'Own Change Approved By Oneself' }, { rule: '94e6c7a9-8814-44bd-be02-e03bac55cf30', title: 'Tests, Scans Or Gates Of A Release Switched Off' }, { rule: 'd7e85ef8-5510-442c-8401-a3e74468563f', title: 'Pin Of A Dependency Removed' },
      { rule: 'f0465a48-f337-4369-87a6-048297334819', title: 'Artefact Used Although Its Scan Found Something' }, { rule: '063af386-376e-4d01-9074-d350f9f61a5b', title: 'Model Artefact In A Format That Runs Code When Loaded' }, { rule: '0395e52e-aff7-4919-bba3-501525e0dea1', title: 'Model Loaded With Trust In Remote Code' },
      { rule: '66454c9b-35a5-4bb8-aeeb-21cf6d78d591', title: 'Branch Protection Of A Model Or Agent Repository Removed' }, { rule: '8be4b862-333b-4eca-a10f-65695aa0466e', title: 'Model Serving Resource Changed By A Person' }, { rule: '4513aef9-7cd6-45a8-8b3c-1e5e5c1a392f', title: 'Agent Changes Build Pipeline Or Agent Instructions In A Repository' },
    ],
    tags: ['attack.t1195', 'attack.t1554', 'atlas.aml.t0010', 'atlas.aml.t0020', 'owasp.llm03-2025'], duties: ['AI Act 15', 'AI Act 25', 'GDPR 32'],
    runbook: 'Roll back to the last signed and reviewed version. Compare the digests, find who pushed it and by which right, and close that way.',
    blindSpots: 'Registries and pipelines that send no events; a signer whose key was stolen.',
    scenario: 'unsigned_push', twin: 'signed_release',
  },
];
