import { DETECTOR_CASES } from '@wary/testkit/detector-cases.js';
import { engineConformance } from '@wary/testkit/engine-conformance.js';

for (const one of DETECTOR_CASES) engineConformance(one);
