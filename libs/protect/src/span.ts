export const PII_TYPES = ['email', 'card', 'iban', 'ssn', 'phone', 'ip'] as const;
export type PiiType = (typeof PII_TYPES)[number];

/** Every name a secret can have. Closed, because a mask is recognised by it: an open one would let a sender hide text in the form of a mask. */
export const SECRET_TYPES = [
  'password', 'api_key', 'private_key', 'jwt', 'bearer_token', 'basic_auth', 'header', 'url_password', 'connection_string',
  'aws_access_key', 'aws_secret_key', 'azure_key', 'azure_sas', 'azure_client_secret', 'gcp_api_key', 'gcp_oauth_secret', 'gcp_access_token',
  'github_token', 'gitlab_token', 'slack_token', 'slack_webhook', 'stripe_key', 'webhook_secret', 'anthropic_key', 'openai_key', 'huggingface_token',
  'npm_token', 'pypi_token', 'sendgrid_key', 'twilio_key', 'digitalocean_token', 'shopify_token', 'databricks_token', 'vault_token', 'groq_key', 'xai_key',
  'replicate_token', 'perplexity_key', 'linear_key', 'grafana_token', 'postman_key', 'age_key', 'wary_key',
] as const;
export type SecretType = (typeof SECRET_TYPES)[number];

/** What was found in a text: UTF-16 offsets, end exclusive. `secret` decides the form of the mask and where it is counted. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly type: PiiType | SecretType;
  readonly secret: boolean;
  /** What was found, where the text spells it in another way (escaped, base64); else the text of the span says it. */
  readonly value?: string;
}
