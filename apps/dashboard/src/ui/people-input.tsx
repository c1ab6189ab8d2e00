import { useId } from 'react';
import type { Alert } from '@wary/model/alert.js';
import { queryClient } from '../api/queries.js';
import { useMe } from '../app/session.js';

/** People who were seen in this browser: whoever is signed in, and the assignees of alerts and incidents read so far. */
function knownPeople(me: string): string[] {
  const people = new Set([me]);
  for (const key of ['alert', 'incident']) {
    for (const [, data] of queryClient.getQueriesData<Pick<Alert, 'assignee'>>({ queryKey: [key] })) if (data?.assignee) people.add(data.assignee);
  }
  return [...people].sort();
}

/** Takes any address; the server knows who exists. */
export function PeopleInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const me = useMe();
  const list = useId();
  return (
    <>
      <input data-autofocus list={list} value={value} autoComplete="off" spellCheck={false} maxLength={320} placeholder="name@example.org" onChange={(event) => onChange(event.target.value)} />
      <datalist id={list}>{knownPeople(me.email).map((person) => <option key={person} value={person} />)}</datalist>
    </>
  );
}
