import { runService } from '@wary/app-wary/services/run-service.js';
import { composeApi } from './start-api.js';

await runService('api', composeApi);
