import type { ReactNode } from 'react';
import { ApiError } from '../api/http.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';

export function EmptyState({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return <div className="empty"><span className="empty-icon"><Icon name={icon} size={20} /></span><p className="empty-title">{title}</p>{children && <div className="empty-text">{children}</div>}</div>;
}

export function Loading({ label }: { label: string }) {
  return <div className="loading" role="status"><span className="spinner" aria-hidden="true" />{label}</div>;
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const text = error instanceof ApiError && error.status === 404 ? 'There is no such thing. It may have been removed, or the link is wrong.' : errorText(error);
  return <div className="failure" role="alert"><p>{text}</p>{onRetry && <Button onClick={onRetry}>Try again</Button>}</div>;
}

export function errorText(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.status === 412) return 'Somebody changed this meanwhile. It was read again; look at it and repeat your change if it still fits.';
    if (error.status === 403) return `Your role does not allow this. ${error.message}`;
    if (error.allowed.length > 0) return `${error.message}. Allowed now: ${error.allowed.join(', ')}.`;
    return error.message;
  }
  return error instanceof Error ? error.message : String(error);
}
