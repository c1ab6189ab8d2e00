/** One HTTP delivery attempt to an operator-given URL, with SSRF protection on the connected address. */
export interface WebhookRequest { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly timeoutMs: number }
export type WebhookOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null; readonly body: string; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly code: 'blocked_address' | 'timeout' | 'connection' | 'bad_url'; readonly message: string; readonly durationMs: number };
export interface WebhookChannel { send(request: WebhookRequest): Promise<WebhookOutcome> }
export const WEBHOOK_CHANNEL = Symbol.for('wary.WebhookChannel');
