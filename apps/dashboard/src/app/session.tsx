import { useSuspenseQuery } from '@tanstack/react-query';
import type { Action } from '@wary/model/permissions.js';
import { meQuery } from '../api/queries.js';
import type { Me } from '../api/types.js';

export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** Whether the signed-in person's role allows it. The server decides; this only spares a button that would be refused. */
export function useMay(action: Action): boolean {
  return useMe().actions.includes(action);
}
