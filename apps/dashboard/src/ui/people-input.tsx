import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { assigneesQuery } from '../api/queries.js';

/** Offers everybody who may work alerts, and takes any address: the server knows who exists. */
export function PeopleInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const people = useQuery(assigneesQuery).data?.items ?? [];
  const list = useId();
  return (
    <>
      <input data-autofocus list={list} value={value} autoComplete="off" spellCheck={false} maxLength={320} placeholder="name@example.org" onChange={(event) => onChange(event.target.value)} />
      <datalist id={list}>{people.map(({ email, name }) => <option key={email} value={email}>{name}</option>)}</datalist>
    </>
  );
}
