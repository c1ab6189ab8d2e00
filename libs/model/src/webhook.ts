/** What a webhook can be told; also the types of outbox rows. */
export const WEBHOOK_TYPES = ['alert.created', 'alert.updated', 'incident.created', 'incident.updated'] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** Of the body's `data`: Wary's own alert or incident, or OCSF 2004 and 2005. */
export const WEBHOOK_FORMATS = ['wary', 'ocsf'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];
