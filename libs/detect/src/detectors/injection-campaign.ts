import type { Event } from '@wary/model/event.js';
import { ANALYTICS } from '../analytics.js';
import { BoundedMap } from '../bounded-map.js';
import type { EventDetector } from '../detector.js';
import { DAY_MS } from '../engine-limits.js';
import { evidenceSeverity } from '../severity.js';
import { chanceWords, entityWords, numberWords } from '../words.js';
import { principalKey, thresholdsOf } from './stateless.js';

interface Suspect {
  /** ln of the Shiryaev–Roberts sum. */
  logSum: number;
  /** Today's mean of x and steps; and that of the days before, discounted. */
  day: number; mean: number; steps: number; pastMean: number; pastSteps: number;
  /** Latest prompts that spoke for it. */
  eventIds: string[];
  prompts: number;
}

const SUBJECTS_MAX = 20_000;
const EVENT_IDS_MAX = 10;
/** A refusal or denial may be anybody's; it speaks half. */
const REFUSAL = 0.5;
const REFUSALS: ReadonlySet<string> = new Set(['content_filter', 'refusal', 'safety', 'guardrail', 'blocked']);
/** What is told from: below this a prompt is ordinary. */
const TELLING = 0.5;
/** Own usual shares count twice, so that a red team's bad day is still its usual, and are worth at most this many steps. */
const OWN_MARGIN = 2;
const PAST_STEPS_MAX = 2_000;
const OWN_STEPS_MIN = 50;
/** From here on the evidence is beyond anybody's bad day. */
const GRAVE_DECADES = 8;
const LOG_SUM_MAX = 300 * Math.LN10;

/**
 * A campaign of prompts that try to override instructions: sequential evidence over a principal's inference events.
 * Each step multiplies by 1 + λ(x − m₀), where x in [0, 1] is the prompt's injection score (or a refusal) and m₀ bounds its mean under
 * the null: E ≤ 1 given the past, a bet on a bounded mean (Waudby-Smith & Ramdas 2024), with the λ that grows fastest if a share
 * `flaggedShareAttack` of the prompts were attacks. The sum over all starting points, R ← (R + 1)·e (Shiryaev–Roberts; an e-detector,
 * Shin, Ramdas & Rinaldo 2023), crosses c no sooner than every c steps on average, whatever the stopping rule. m₀ is at least
 * `flaggedShareUsual`, and twice the principal's own mean of earlier days.
 */
export function createInjectionCampaignDetector(): EventDetector {
  const analytic = ANALYTICS.injection_campaign;
  const suspects = new BoundedMap<string, Suspect>(SUBJECTS_MAX);
  let thresholds = thresholdsOf(analytic.settings, {});

  return {
    analytic,
    configure(given) { thresholds = thresholdsOf(analytic.settings, given); },
    inspect(event, context, emit) {
      if (event.kind !== 'inference') return;
      const refused = isRefused(event);
      const x = Math.max(Math.min(1, Math.max(0, event.injection)), refused ? REFUSAL : 0);
      const key = principalKey(event);
      const known = suspects.get(key);
      // Most principals never have a score: they need no place until they do, and their quiet steps are what m₀ allows for.
      if (known === undefined && x === 0) return;
      const day = Math.floor(event.time / DAY_MS);
      const suspect = known ?? { logSum: Number.NEGATIVE_INFINITY, day, mean: 0, steps: 0, pastMean: 0, pastSteps: 0, eventIds: [], prompts: 0 };
      if (context.learn && day > suspect.day) closeDay(suspect, day);
      const usual = Math.min(0.4, Math.max(thresholds.flaggedShareUsual, suspect.pastSteps >= OWN_STEPS_MIN ? OWN_MARGIN * suspect.pastMean : 0));
      const bet = Math.max(0, (thresholds.flaggedShareAttack - usual) / (usual * (1 - usual)));
      const before = Math.log1p(Math.exp(Math.min(suspect.logSum, LOG_SUM_MAX)));
      const logSum = Math.min(LOG_SUM_MAX, before + Math.log(1 + bet * (x - usual)));
      const eventIds = x >= TELLING ? [...suspect.eventIds, event.id].slice(-EVENT_IDS_MAX) : suspect.eventIds;
      const prompts = suspect.prompts + (x >= TELLING ? 1 : 0);
      const decades = logSum / Math.LN10;
      const wanted = Math.max(thresholds.thresholdDecades, context.runLengthDecades);
      if (decades >= wanted && x >= TELLING) {
        const quiet = usual + (Math.exp(wanted * Math.LN10 - before) - 1) / Math.max(bet, 1e-12);
        const value = quiet > 0 ? Math.floor(Math.min(quiet, x) * 1_000 - 1e-6) / 1_000 : null;
        emit({
          analytic, entity: event.principal, subject: '', strength: decades, severity: evidenceSeverity(decades >= GRAVE_DECADES ? 'high' : 'medium', event.criticality),
          title: `Prompt-injection campaign: ${prompts} suspicious prompts`,
          summary: `${entityWords(event.principal)} sent ${numberWords(prompts)} prompts that try to override instructions or were refused, one after another${event.genAi?.requestModel ? `, to the model ${event.genAi.requestModel}` : ''}; usually at most ${numberWords(100 * usual)} in 100 look like that. By chance: ${chanceWords(decades)}.`,
          matched: [{ field: refused && event.injection < TELLING ? 'outcome' : 'injection', value: String(x), pattern: `how much the latest reads like an attempt, from 0 to 1; told from ${numberWords(wanted)} decades of evidence on` }],
          counterfactual: {
            text: value === null || value < 0 ? 'Before this prompt the evidence was over the threshold already; with fewer such prompts before it would have stayed quiet.' : `With an injection score of at most ${value} for this prompt, and no refusal, it would have stayed quiet.`,
            feature: 'injection', value: value === null || value < 0 ? null : value,
          },
          observed: prompts, expected: { value: 0, low: 0, high: Math.ceil(usual * Math.max(1, suspect.steps)) }, unit: 'prompts', calibration: 'model', eventIds: suspect.eventIds,
        });
      }
      if (!context.learn) return;
      suspect.logSum = logSum;
      suspect.eventIds = eventIds;
      suspect.prompts = prompts;
      suspect.steps += 1;
      suspect.mean += (x - suspect.mean) / suspect.steps;
      suspects.set(key, suspect);
    },
    dump: () => suspects.dump(),
    load: (state) => suspects.load(state),
    get stateItems() { return suspects.size; },
    stateItemsMax: SUBJECTS_MAX,
    get overflow() { return suspects.overflow; },
  };
}

/** A day is learned when it was not under suspicion; its prompts are told again from the next day's. */
function closeDay(suspect: Suspect, day: number): void {
  if (suspect.logSum < GRAVE_DECADES * Math.LN10 && suspect.steps > 0) {
    const steps = Math.min(PAST_STEPS_MAX, suspect.pastSteps + suspect.steps);
    suspect.pastMean += (suspect.mean - suspect.pastMean) * Math.min(1, suspect.steps / steps);
    suspect.pastSteps = steps;
  }
  suspect.day = day;
  suspect.mean = 0;
  suspect.steps = 0;
  suspect.prompts = 0;
}

const isRefused = (event: Event): boolean => event.outcome === 'denied' || (event.genAi !== null && event.genAi.finishReasons.some((reason) => REFUSALS.has(reason)));
