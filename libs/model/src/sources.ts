/** The source names of the event model: topics, `--source`, metrics and the `source` column use them. */
export const SOURCE_NAMES = [
  'native', 'otlp', 'nginx', 'apache', 'sshd', 'sudo', 'cloudtrail', 'okta', 'entra', 'github', 'kubernetes',
  'litellm', 'bedrock', 'azure-openai', 'ocsf', 'postgres', 'hr', 'cyclonedx',
] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** Sources that have a mapper today; the others are named so that the names are stable. */
export const SUPPORTED_SOURCES = ['native', 'otlp', 'nginx', 'apache', 'sshd', 'sudo', 'cloudtrail', 'ocsf'] as const satisfies readonly SourceName[];

export const isSourceName = (value: string): value is SourceName => (SOURCE_NAMES as readonly string[]).includes(value);
