import type { Measured } from './measured-capability.js';

/** Written by `npm run bench -- catalogue --publish`; do not edit. */
export const MEASURED: Measured | null = {
  on: '2026-12-01', seeds: '21-40', budgetPerDay: 1,
  rows: {
    'IN-1': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 77335, by: { 'volume': 20, 'breadth': 12 } },
    'IN-2': { played: 20, caught: 10, twins: 20, quiet: 20, delayMs: 592065, by: { 'volume': 9, 'activity': 5 } },
    'IN-3': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'rule:180b4194-24ea-493d-beec-f2f29dbd5956': 20 } },
    'IN-4': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'rule:e88e1b0e-18b8-4b4f-83fd-dc798087ea3f': 20 } },
    'IN-5': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 7777147, by: { 'rule:5c6f7e31-979b-4751-b7f4-4ee9305028cb': 20 } },
    'IN-6': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'rule:a899941e-a5ba-4f35-83db-84e0fccc529a': 20, 'rule:f7e38244-1e3f-4221-a0bf-c5dc94c8959d': 20, 'changes': 19 } },
    'IN-7': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 4183302, by: { 'concurrent_use': 20, 'rule:d1425190-bff2-4014-95fc-45522ba0415e': 20, 'impossible_travel': 7, 'novelty': 4 } },
    'IN-8': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 247839, by: { 'failures': 20, 'rule:184c6778-d183-4457-8495-637b7d7fbd41': 20, 'rule:5e375623-a191-4157-9a88-d2358c0fca35': 20, 'novelty': 5 } },
    'IN-9': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 612540, by: { 'rule:0a73cf75-677a-4919-b4e5-fc67ed30e4a4': 20 } },
    'IN-10': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'personal_data_bulk': 20, 'rule:9c194a04-1285-4c08-9ca1-02b4d3865777': 20 } },
    'IN-11': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'rule:063af386-376e-4d01-9074-d350f9f61a5b': 20, 'rule:178cf3c9-6eb1-4422-af0d-83192102b267': 20, 'rule:94e6c7a9-8814-44bd-be02-e03bac55cf30': 20, 'rule:b26db444-bae9-4b33-baa6-7daac439e794': 20, 'rule:cfc06ac9-3dd9-4771-8910-2c12b1db4c3e': 20, 'rule:d7e85ef8-5510-442c-8401-a3e74468563f': 20 } },
    'AP-1': { played: 20, caught: 20, twins: 20, quiet: 19, delayMs: 786045, by: { 'rule:66b9317b-37e8-480c-9ba6-052327d0c646': 20 } },
    'AP-2': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 9620, by: { 'breadth': 20, 'failures': 20, 'rule:87be8bb5-22c5-4279-92e0-7e57dcecd24f': 20 } },
    'AP-3': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 293581, by: { 'rule:53e25379-213c-49ee-862e-fcbcc6225f8f': 20, 'rule:ab60f83e-f81c-487e-a2fb-54addf3ab8ae': 20 } },
    'AP-4': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 44419, by: { 'failures': 20, 'rule:79844848-6d16-496e-9e6b-c2293cd1b23f': 20 } },
    'AP-5': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'novelty': 20, 'rule:0e025d2d-716a-48ff-90bc-cf17ee083afc': 20, 'rule:1ab825b3-7a23-4edd-8bfc-342d9fd995bd': 20, 'cost_tokens': 19, 'rule:95465ed3-cbea-4ed8-9538-32e0f3d31c64': 13 } },
    'AP-6': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'rule:1e4aea76-605f-4520-8d28-53f061bd1187': 20 } },
    'AP-7': { played: 20, caught: 20, twins: 20, quiet: 20, delayMs: 0, by: { 'rule:5a9182fc-a111-49fe-9471-e9459dcd3477': 20, 'rule:9fc7ce22-6837-4148-bf90-116e2339bd0f': 20 } },
  },
};
