/** The scale of published entity scores: from 100 critical, 50 high, 25 medium, 10 low. */
import type { Severity } from '@wary/model/finding.js';

const LEVELS: ReadonlyArray<readonly [number, Severity]> = [[100, 'critical'], [50, 'high'], [25, 'medium'], [10, 'low']];

export const riskLevel = (risk: number): Severity => LEVELS.find(([from]) => risk >= from)?.[1] ?? 'informational';
