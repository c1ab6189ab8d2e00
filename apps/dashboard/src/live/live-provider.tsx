import { useRouter } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { LiveStats } from '@wary/model/live.js';
import { rememberAlert, rememberIncident } from '../api/actions.js';
import { meQuery, queryClient } from '../api/queries.js';
import { LiveClient, type LiveStatus } from './live-client.js';

const Context = createContext<LiveClient | null>(null);
const LIST_REFRESH_MS = 1_000;

/** One live connection for the signed-in part; what it brings goes into the query cache, so that every page shows it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => new LiveClient(() => void queryClient.invalidateQueries(meQuery)));
  const router = useRouter();
  useEffect(() => {
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refreshLists = (...keys: string[]) => {
      for (const key of keys) stale.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of stale) void queryClient.invalidateQueries({ queryKey: [key] });
        stale.clear();
      }, LIST_REFRESH_MS);
    };
    const stop = client.listen({
      change(change) {
        if (change.kind === 'alert') {
          if (queryClient.getQueryData(['alert', change.alert.id])) rememberAlert(change.alert);
          refreshLists('alerts', 'alert-counts', 'entity');
        } else {
          if (queryClient.getQueryData(['incident', change.incident.id])) rememberIncident(change.incident);
          refreshLists('incidents');
        }
      },
      reload() {
        void queryClient.invalidateQueries();
      },
    });
    // What failed while the connection was down is tried again by itself when it is back.
    let down = false;
    const stopStatus = client.onStatus(() => {
      if (client.status === 'offline') down = true;
      if (client.status !== 'live' || !down) return;
      down = false;
      void queryClient.refetchQueries({ predicate: (query) => query.state.status === 'error' });
      void router.invalidate();
    });
    client.start();
    return () => {
      stopStatus();
      stop();
      clearTimeout(timer);
      client.stop();
    };
  }, [client, router]);
  return <Context value={client}>{children}</Context>;
}

export function useLive(): LiveClient {
  const client = useContext(Context);
  if (!client) throw new Error('useLive outside of LiveProvider');
  return client;
}

export function useLiveStatus(): LiveStatus {
  const client = useLive();
  return useSyncExternalStore(client.onStatus, () => client.status);
}

export function useLiveStats(): LiveStats | null {
  const client = useLive();
  return useSyncExternalStore((listener) => client.listen({ stats: listener }), () => client.stats);
}
