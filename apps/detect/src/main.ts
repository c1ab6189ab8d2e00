import { runService } from '@wary/app-wary/services/run-service.js';
import { composeDetect } from './start-detect.js';

await runService('detect', composeDetect);
