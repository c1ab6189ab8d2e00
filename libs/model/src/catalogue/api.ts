import type { Capability } from './capability.js';

const MACHINES = ['key', 'agent', 'device', 'service'] as const;

/** AP-1 … AP-7: attacks on the interfaces of models, after OWASP API 2023. */
export const API: readonly Capability[] = [
  {
    id: 'AP-1', name: 'Attacks on sign-in', about: 'Passwords are sprayed or stuffed, second factors worn down, tokens replayed, or administrators sign in without a second factor.',
    parts: [
      { rule: '66b9317b-37e8-480c-9ba6-052327d0c646', title: 'Password Spraying With A Success' }, { rule: 'bf33b170-eeeb-4e69-a0e7-55b4ecc2829d', title: 'Many Accounts Tried From One Address' }, { rule: 'c3bbf587-0f94-4cea-b7fa-f95dc555cf6b', title: 'Second Factor Asked For Until Somebody Gives In' },
      { rule: '5e375623-a191-4157-9a88-d2358c0fca35', title: 'Session Used From Two Networks With Two Programs' }, { rule: '25bd6f8b-461f-49ad-9034-67a91e103ac9', title: 'Administrator Signs In Without A Second Factor' }, { rule: '268492c9-8d7b-4663-be87-8f8ca9217d77', title: 'Second Factor Switched Off' },
      { rule: '246d6e39-8de7-4437-bbc9-9ebd0911ebf3', title: 'Second Factor Of An Account Removed (OCSF)' }, { detector: 'failures', entities: ['user', 'key'] },
    ],
    tags: ['attack.t1110.003', 'attack.t1110.004', 'attack.t1621', 'attack.t1550.001', 'attack.t1078.004', 'atlas.aml.t0012', 'atlas.aml.t0091.000', 'owasp.api2-2023'], duties: ['AI Act 15', 'GDPR 32'],
    runbook: 'See whether a try succeeded: that account is taken, end its sessions and reset it. Block the address if it is none of ours; require the second factor where it was missing.',
    blindSpots: 'Tries from a new address each time; identity providers that do not send failures.',
    scenario: 'password_spray', twin: 'passwords_expire',
  },
  {
    id: 'AP-2', name: 'Objects of others (BOLA, IDOR)', about: 'Identifiers are counted up: many different objects, many refusals, more than this principal and its peers ask for.',
    parts: [
      { rule: '87be8bb5-22c5-4279-92e0-7e57dcecd24f', title: 'Records Of Others Asked For One After The Other' }, { rule: '184c6778-d183-4457-8495-637b7d7fbd41', title: 'One Account Tries Many Closed Doors' }, { rule: 'd6aa4319-162b-4343-9fcb-a321bceff108', title: 'Path Out Of The Artefact Store Asked For' },
      { detector: 'breadth', entities: MACHINES }, { detector: 'failures', entities: MACHINES },
    ],
    tags: ['attack.t1190', 'attack.t1213', 'atlas.aml.t0036', 'owasp.api1-2023'], duties: ['GDPR 25', 'GDPR 32', 'GDPR 33', 'AI Act 15'],
    runbook: 'Stop the key or session. List the objects that were answered and to whom they belong: each is a possible breach. Have the interface check the right to every object.',
    blindSpots: 'A few objects a day; interfaces that answer a refusal with an empty success; whether numbers count up is not looked at, only how many different ones there are.',
    scenario: 'record_enumeration', twin: 'own_pages',
  },
  {
    id: 'AP-3', name: 'Functions above the role', about: 'An administrative function is called by somebody whose role has none, or for the first time.',
    parts: [
      { rule: 'ab60f83e-f81c-487e-a2fb-54addf3ab8ae', title: 'Administrative Functions Tried And Refused' }, { rule: '53e25379-213c-49ee-862e-fcbcc6225f8f', title: 'Administrative Function Used Without An Administrative Role' }, { rule: '84be5a55-0bfa-4db4-950e-bc1d8eebb8f1', title: 'Administration Of A Model Server Reached From The Web' },
      { detector: 'novelty', entities: ['user', 'key', 'agent', 'service'], features: ['action'] },
    ],
    tags: ['attack.t1190', 'attack.t1098', 'attack.t1136.003', 'atlas.aml.t0049', 'owasp.api5-2023'], duties: ['AI Act 15', 'GDPR 32'],
    runbook: 'Undo what the function did, end the session, and have the server check the role of every function. Look for the same calls by other accounts of that role.',
    blindSpots: 'Sources that name no roles; functions under names of your own.',
    scenario: 'functions_above_role', twin: 'administrator_works',
  },
  {
    id: 'AP-4', name: 'Input that breaks the contract', about: 'Requests violate schema, type or size far more often than usual: fuzzing, or a client that is broken.',
    parts: [{ rule: '79844848-6d16-496e-9e6b-c2293cd1b23f', title: 'Malformed Requests In Series' }, { rule: '72611d61-584d-429c-8c48-6fabf836e51e', title: 'Single Call Of Extreme Length' }, { detector: 'failures', entities: MACHINES }],
    tags: ['attack.t1190', 'atlas.aml.t0049', 'owasp.api8-2023', 'owasp.api4-2023'], duties: ['AI Act 15', 'GDPR 32'],
    runbook: 'One error again and again is a broken client: ask its owner. Many kinds of errors are fuzzing: block the key, and look for a server error among the answers.',
    blindSpots: 'Gateways that refuse without a log; input that fits the schema and is hostile.',
    scenario: 'malformed_requests', twin: 'broken_release',
  },
  {
    id: 'AP-5', name: 'Leaked key (LLMjacking)', about: 'An old key is used from a new network and client: models are listed and tried, limits reached, money spent.',
    parts: [
      { rule: '0e025d2d-716a-48ff-90bc-cf17ee083afc', title: 'Key Looks Around, Then Runs Into Its Limits' }, { rule: '1ab825b3-7a23-4edd-8bfc-342d9fd995bd', title: 'Key Tries Every Model With A Few Words' }, { rule: 'fb4767eb-bfa8-4c9c-a9bc-b5f673cb31dd', title: 'Models Guessed By Name' },
      { rule: '95465ed3-cbea-4ed8-9538-32e0f3d31c64', title: 'Key Runs Into Its Rate Limit And Goes On' }, { rule: '6a17aa4d-b242-40ed-853a-520757756290', title: 'One Account Spends Fast' }, { rule: '334522bb-7ea1-4751-ad20-3aa0950d19ea', title: 'API Key Used From Several Countries' }, { rule: 'd25977d7-e856-4005-853a-fafda0ea41f5', title: 'API Key Shared By Many Clients' },
      { rule: 'eaab1411-8440-4f5c-9bf1-e5004ef9a154', title: 'API Key Used From A Browser' }, { rule: '2f650ece-48bc-4fde-b76e-a8cdf63bcb87', title: 'Bedrock Explored By One Identity' }, { rule: 'cfc694f4-72f4-4b01-8c38-9a611e127a7b', title: 'Identity Refused At Many Bedrock Models' }, { rule: 'f3fe97a0-bb91-4320-aad8-d7600f915d76', title: 'Bedrock Stops Recording Model Invocations' },
      { detector: 'cost_tokens', entities: ['key'] }, { detector: 'novelty', entities: ['key'], features: ['network', 'client', 'country', 'model'] }, { detector: 'impossible_travel', entities: ['key'] },
    ],
    tags: ['attack.t1078.004', 'attack.t1552.005', 'attack.t1496.004', 'attack.t1562.008', 'atlas.aml.t0012', 'atlas.aml.t0034', 'owasp.api2-2023', 'owasp.api4-2023', 'owasp.llm10-2025'], duties: ['AI Act 15', 'GDPR 32'],
    runbook: 'Rotate the key now, set a limit on its spending, and find where it leaked: repositories, images, tickets, logs. Then look at what it read.',
    blindSpots: 'A thief in the owner\'s own cloud with the same client, at the owner\'s pace.',
    scenario: 'stolen_key', twin: 'cloud_move',
  },
  {
    id: 'AP-6', name: 'Forgotten interfaces', about: 'An endpoint or version that is retired, or that no register knows, answers.',
    parts: [{ rule: '1e4aea76-605f-4520-8d28-53f061bd1187', title: 'Retired Or Unregistered Interface Answers' }, { rule: '84be5a55-0bfa-4db4-950e-bc1d8eebb8f1', title: 'Administration Of A Model Server Reached From The Web' }],
    tags: ['attack.t1190', 'atlas.aml.t0040', 'owasp.api9-2023'], duties: ['AI Act 15', 'AI Act 26', 'GDPR 30', 'GDPR 32'],
    runbook: 'Find who runs it and what it reaches. Switch it off, or give it an owner in the register. See what this caller got that the present version refuses.',
    blindSpots: 'Interfaces that neither the gateway nor the register labels; traffic past the gateway.',
    scenario: 'old_version_used', twin: 'agreed_migration',
  },
  {
    id: 'AP-7', name: 'Requests forged through tools (SSRF)', about: 'A tool is made to fetch an inside address, a metadata service or a file.',
    parts: [{ rule: '9fc7ce22-6837-4148-bf90-116e2339bd0f', title: 'Agent\'s Tool Asks The Cloud Metadata Service' }, { rule: '5a9182fc-a111-49fe-9471-e9459dcd3477', title: 'Tool Call Reaches For An Inside Address' }, { rule: '8772301e-5e55-4cff-95eb-794ea0c86ee3', title: 'Agent\'s Tool Reads Credential Files Or Agent Configurations' }],
    tags: ['attack.t1190', 'attack.t1552.005', 'atlas.aml.t0053', 'owasp.api7-2023'], duties: ['AI Act 15', 'GDPR 32'],
    runbook: 'See what the tool answered and rotate the credentials that were in it. Find the document that named the address, and let the tool refuse private addresses after name resolution.',
    blindSpots: 'Tools whose arguments are not logged; public names that resolve to inside addresses.',
    scenario: 'tool_to_metadata', twin: 'tool_to_public_page',
  },
];
