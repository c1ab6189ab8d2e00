/** First three things to do, by the detector that spoke. Short, in the order in which they help. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  volume: ['Look at the first and the last event: what was read, and where it went.', 'Ask the person or the owner whether a batch, an export or a migration was due.', 'If nobody expected it, end the sessions, revoke the key, and open an incident.'],
  breadth: ['See which resources are new, and whether they belong to one task.', 'Check for identifiers that count up one by one: that is enumeration.', 'Narrow the rights to what the role needs.'],
  failures: ['See whether one target or many were tried, and whether a try succeeded in the end.', 'If it succeeded, treat the account as taken: reset it and end its sessions.', 'Block the client address if it is not one of ours.'],
  cost_tokens: ['See which model and which key spent it, and for what kind of prompts.', 'Ask the owner of the key; compare with the last release.', 'Set a quota or rotate the key if nobody answers for it.'],
  novelty: ['Check what is new: country, network, client, resource, model or tool.', 'Look for other alerts of the same entity within a day.', 'Confirm it with the person over another channel.'],
  growth: ['Look at the days before: since when is there more, and of what?', 'Ask for a release, a new customer or a new task that explains it.', 'If nothing does, compare what was taken on the latest days with what this principal needs, and hold its exports.'],
  activity: ['See which acts came together, and whether they belong to one task.', 'Check for a project, a move or a hand-over that explains them.', 'If data has left, keep the evidence before talking to the person.'],
  sequence: ['Read the day from the first odd step on: which step is missing, or comes too early?', 'Ask whether a procedure, a client or an automation was changed.', 'If not, compare device and session with those of other days: somebody else may be using the account.'],
  repeats: ['See what the object is, and whether there is a case or a task for it.', 'For a record of a person: ask what the look-ups were for, and whether the two know each other.', 'For an agent: stop the run; the same call again and again is a loop.'],
  changes: ['Look for the change ticket, and for a second person who approved.', 'If there is none, stop the account and restore what was deleted or switched off, logging and guardrails first.', 'Training data or thresholds: compare with the last version that is known to be good.'],
  concurrent_use: ['Compare devices, networks and what was done from each.', 'Ask the owner over another channel which of them are theirs.', 'End the other sessions and reset the account; a shared account gets owners of its own.'],
  off_hours: ['See what was done, not only when.', 'Check travel, shift changes and on-call duty.', 'If the work itself is unusual too, open an incident.'],
  canary: ['Nobody has a reason to touch this: open an incident now.', 'Find what else the same session read.', 'End the session and revoke its keys; place a new canary afterwards.'],
  secret_in_output: ['Rotate the secret that was shown.', 'Find where it came from: prompt, retrieved document or tool.', 'Remove it from that place and look for its use.'],
  personal_data_bulk: ['See which categories and how many people are concerned.', 'Check whether a purpose allows it; the clock for notifying may be running (GDPR 33).', 'Stop the flow, and have the recipient delete what was taken.'],
  purpose: ['Compare the declared purpose with the register.', 'Ask for the legal basis; correct the register if it is out of date.', 'Otherwise stop this use of the data.'],
  impossible_travel: ['Compare the device and the client of both places.', 'Ask the person over another channel.', 'If one of them is not theirs, end the sessions and reset the account.'],
  sensitive_egress: ['Read the session from the first sensitive read to the send.', 'Look for an instruction in a document or web page that the agent took in.', 'Cut the agent off from the destination, and rotate what it read.'],
  injection_campaign: ['Read some of the prompts, and what was answered.', 'See whether a tool was called or data came out after one of them.', 'Limit or block the principal; keep the prompts as test cases.'],
  silent_source: ['Ask whoever runs the source whether it is stopped, or sends somewhere else.', 'Look for its records among the dead letters, and for 401 and 429 in its own log.', 'If nobody stopped it, treat it as an attempt to go unseen: look at what its systems did since.'],
  firing_shift: ['Open the alerts of that detector together and look for one cause.', 'Check for a release, a migration or a change of settings that day.', 'If it no longer fires, touch a canary or play a scenario to see that it can.'],
  starved_baseline: ['Compare ids of today with those of last week: a new login name, pseudonym or key for each call?', 'Map the new ids to their owners in the people register.', 'Until they are known again, look at the peers and at rules for these entities.'],
  coverage_gap: ['Compare an event of today with one of last week.', 'Ask whoever runs the source what was updated or switched off.', 'Until it is back, know which detectors see nothing of it: their pages say what they read.'],
  drift: ['Was the model, its prompt or what calls it changed? Record the release as a deployment: it explains a change for a week.', 'Compare inputs and answers of before and after on the page of the model.', 'If nothing was changed on purpose, look for poisoned or misrouted inputs, and check answers against labels.'],
  retraining: ['Decide whether to retrain, and answer with a verdict and a note: confirmed approves, benign or false positive declines.', 'Compare a new version with this one on the same data before it goes live, and keep this one to go back to.', 'Record the deployment; check whether it is a substantial modification (AI Act 3(23)).'],
};
const GENERAL: readonly string[] = ['Read the events and what led to them.', 'Ask whoever answers for the entity.', 'Resolve it with a verdict, or open an incident.'];

export const nextSteps = (detector: string): readonly string[] => STEPS[detector] ?? GENERAL;
export const DETECTORS_WITH_STEPS: readonly string[] = Object.keys(STEPS);
