import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/types.js';
import { Button } from '../ui/button.js';
import type { IconName } from '../ui/icon.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';

/** A list that comes page by page: loading, failure, nothing, rows, more. */
export function Paged<T>({ query, what, icon, empty, children }: { query: UseInfiniteQueryResult<InfiniteData<Page<T>>>; what: string; icon: IconName; empty: ReactNode; children: (items: T[]) => ReactNode }) {
  if (query.error && !query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading label={`Loading the ${what}`} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState icon={icon} title={`No ${what}`}>{empty}</EmptyState>;
  return <>{children(items)}{query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Show more</Button></div>}</>;
}
