import { printFirstAccess } from './print-first-access.js';
import { runWary } from './run-wary.js';

// The bare service for process managers; `wary start` prints more for people.
await runWary({ env: process.env, onReady: ({ generated }) => { printFirstAccess(generated); } });
