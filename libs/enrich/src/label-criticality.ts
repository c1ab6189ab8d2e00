const MEDIUM = 2;
const HIGH = 3;
/**
 * Labels that say by themselves that a loss hurts people or the organisation: personal, health and card data, secrets, and the usual names of the
 * upper classes of a classification scheme (ISO/IEC 27002:2022, 5.12 and 5.13).
 */
const SENSITIVE: ReadonlySet<string> = new Set([
  'pii', 'personal', 'personal-data', 'gdpr', 'special-category', 'phi', 'health', 'hipaa', 'pci', 'pan', 'cardholder', 'financial', 'secret', 'secrets', 'credential', 'credentials', 'confidential', 'restricted', 'sensitive', 'top-secret',
]);

/** How critical a resource is that no register knows: what its source has labelled as sensitive is high, everything else medium. The assets register overrules it. */
export function labelledCriticality(labels: readonly string[]): number {
  for (const label of labels) if (SENSITIVE.has(label.toLowerCase().replaceAll(/[\s_]+/g, '-'))) return HIGH;
  return MEDIUM;
}
