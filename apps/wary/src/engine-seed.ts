/** Part of the detectors' determinism: another seed would decide its ties otherwise. */
export const ENGINE_SEED = 1;
