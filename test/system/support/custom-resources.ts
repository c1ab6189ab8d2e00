import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

type Schema = { type?: string; properties?: Record<string, Schema>; items?: Schema; additionalProperties?: unknown; [key: string]: unknown };
interface Definition { spec: { group: string; names: { kind: string }; versions: Array<{ name: string; schema: { openAPIV3Schema: Schema } }> } }

/** As the API server reads a schema, and stricter: a field that it does not name is an error, where the server would drop it in silence. */
function strict(schema: Schema): Schema {
  if (schema['x-kubernetes-int-or-string'] === true) return {};
  const next: Schema = { ...schema };
  // Go's inline flags mean nothing here.
  if (typeof schema['pattern'] === 'string' && schema['pattern'].includes('(?i)')) delete next['pattern'];
  if (schema.properties !== undefined) {
    next.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, strict(each)]));
    if (schema.additionalProperties === undefined && schema['x-kubernetes-preserve-unknown-fields'] !== true) next.additionalProperties = false;
  }
  if (schema.items !== undefined) next.items = strict(schema.items);
  if (typeof schema.additionalProperties === 'object') next.additionalProperties = strict(schema.additionalProperties as Schema);
  return next;
}

/** A check of one kind of resource against the definition in `file`; gives what is wrong, empty when nothing is. */
export function customResource(folder: string, file: string): (resource: { apiVersion: string; kind: string }) => string[] {
  const { spec } = parse(readFileSync(join(folder, file), 'utf8')) as Definition;
  return (resource) => {
    const version = spec.versions.find(({ name }) => resource.apiVersion === `${spec.group}/${name}`);
    if (version === undefined || resource.kind !== spec.names.kind) return [`${resource.apiVersion} ${resource.kind} is not of ${file}`];
    const schema = strict(version.schema.openAPIV3Schema);
    schema.properties = { ...schema.properties, metadata: {} };
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    return validate(resource) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}
