import { runService } from '@wary/app-wary/services/run-service.js';
import { composeIngest } from './start-ingest.js';

await runService('ingest', composeIngest);
