import type { Event } from './event.js';

const DOWNLOAD_ACTIONS: ReadonlySet<string> = new Set(['download', 'export', 'copy', 'dump', 'snapshot', 'backup', 'clone', 'print', 'getobject', 'unload']);

/** Something was taken along, and it was given. */
export const isDownload = (event: Event): boolean => event.outcome === 'success' && DOWNLOAD_ACTIONS.has(event.action);
