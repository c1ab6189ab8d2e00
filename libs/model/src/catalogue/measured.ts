import type { Measured } from './measured-capability.js';

/** Written by `npm run bench -- catalogue --publish`; do not edit. */
export const MEASURED: Measured | null = {
  on: '2026-12-01', seeds: '21-30', budgetPerDay: 1,
  rows: {
    'IN-1': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 66479, by: { 'breadth': 10, 'volume': 10 } },
    'IN-2': { played: 10, caught: 7, twins: 10, quiet: 10, delayMs: 455624, by: { 'volume': 5, 'activity': 4, 'breadth': 1 } },
    'IN-3': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'rule:180b4194-24ea-493d-beec-f2f29dbd5956': 10 } },
    'IN-4': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'rule:e88e1b0e-18b8-4b4f-83fd-dc798087ea3f': 10 } },
    'IN-5': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 7427036, by: { 'rule:5c6f7e31-979b-4751-b7f4-4ee9305028cb': 10 } },
    'IN-6': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'rule:a899941e-a5ba-4f35-83db-84e0fccc529a': 10, 'rule:f7e38244-1e3f-4221-a0bf-c5dc94c8959d': 10 } },
    'IN-7': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 3348938, by: { 'rule:d1425190-bff2-4014-95fc-45522ba0415e': 10, 'novelty': 6, 'impossible_travel': 4 } },
    'IN-8': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 229721, by: { 'failures': 10, 'rule:184c6778-d183-4457-8495-637b7d7fbd41': 10, 'rule:5e375623-a191-4157-9a88-d2358c0fca35': 10, 'novelty': 6 } },
    'IN-9': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 675035, by: { 'rule:0a73cf75-677a-4919-b4e5-fc67ed30e4a4': 10 } },
    'IN-10': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'personal_data_bulk': 10, 'rule:9c194a04-1285-4c08-9ca1-02b4d3865777': 10 } },
    'IN-11': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'rule:063af386-376e-4d01-9074-d350f9f61a5b': 10, 'rule:178cf3c9-6eb1-4422-af0d-83192102b267': 10, 'rule:94e6c7a9-8814-44bd-be02-e03bac55cf30': 10, 'rule:b26db444-bae9-4b33-baa6-7daac439e794': 10, 'rule:cfc06ac9-3dd9-4771-8910-2c12b1db4c3e': 10, 'rule:d7e85ef8-5510-442c-8401-a3e74468563f': 10 } },
    'AP-1': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 735521, by: { 'rule:66b9317b-37e8-480c-9ba6-052327d0c646': 10 } },
    'AP-2': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 8971, by: { 'breadth': 10, 'failures': 10, 'rule:87be8bb5-22c5-4279-92e0-7e57dcecd24f': 10 } },
    'AP-3': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 278201, by: { 'rule:53e25379-213c-49ee-862e-fcbcc6225f8f': 10, 'rule:ab60f83e-f81c-487e-a2fb-54addf3ab8ae': 10 } },
    'AP-4': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 23456, by: { 'failures': 10, 'rule:79844848-6d16-496e-9e6b-c2293cd1b23f': 10 } },
    'AP-5': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'cost_tokens': 10, 'novelty': 10, 'rule:0e025d2d-716a-48ff-90bc-cf17ee083afc': 10, 'rule:1ab825b3-7a23-4edd-8bfc-342d9fd995bd': 10, 'rule:95465ed3-cbea-4ed8-9538-32e0f3d31c64': 6 } },
    'AP-6': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'rule:1e4aea76-605f-4520-8d28-53f061bd1187': 10 } },
    'AP-7': { played: 10, caught: 10, twins: 10, quiet: 10, delayMs: 0, by: { 'rule:5a9182fc-a111-49fe-9471-e9459dcd3477': 10, 'rule:9fc7ce22-6837-4148-bf90-116e2339bd0f': 10 } },
  },
};
