import type { IncidentState } from '@wary/model/incident.js';
import { sentence } from '../ui/format.js';
import { STATES } from './moves.js';

/** The state in words, with how far it has come as a row of dots. */
export function StateTag({ state }: { state: IncidentState }) {
  const reached = STATES.indexOf(state);
  return (
    <span className={state === 'closed' ? 'state closed' : 'state'}>
      <span className="state-dots" aria-hidden="true">{STATES.map((each, index) => <i key={each} className={index <= reached ? 'on' : ''} />)}</span>
      {sentence(state)}
    </span>
  );
}

/** The way of an incident, with the present step marked. */
export function StateSteps({ state }: { state: IncidentState }) {
  const reached = STATES.indexOf(state);
  return (
    <ol className="state-steps" aria-label="State">
      {STATES.map((each, index) => <li key={each} className={index < reached ? 'past' : index === reached ? 'now' : ''} aria-current={index === reached ? 'step' : undefined}>{sentence(each)}</li>)}
    </ol>
  );
}
