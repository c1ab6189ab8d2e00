import { runService } from '@wary/app-wary/services/run-service.js';
import { composeStore } from './start-store.js';

await runService('store', composeStore);
