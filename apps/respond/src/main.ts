import { runService } from '@wary/app-wary/services/run-service.js';
import { composeRespond } from './start-respond.js';

await runService('respond', composeRespond);
