import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvSchema } from '@wary/platform/config/config-schema.js';
import { SECRET_VARIABLES } from '@wary/platform/config/secret-files.js';
import { describe, expect, it, type TestContext } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { customResource } from './support/custom-resources.js';
import { composeSpec, hadolint, helm, kedaModule, kubernetesValidate, prometheusOperatorModule, type Tool } from './support/deploy-tools.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Building a tool from source on a busy machine. */
const TOOL_MS = 600_000;
/** The oldest Kubernetes that the chart takes, and the newest that its schemas are known of. */
const KUBERNETES = ['1.29.0', '1.37.0'] as const;
const PROCESSES = ['api', 'detect', 'ingest', 'respond', 'store'] as const;

const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = root) => spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 });
function pathOf(tool: Tool, { skip }: TestContext): string {
  if ('missing' in tool) skip(tool.missing);
  return (tool as { path: string }).path;
}

const isApp = (script: string): boolean => /^apps\/\w+\/dist\/main\.js$/.test(script) && existsSync(join(root, script.replace('/dist/main.js', '/package.json')));
const isKnownVariable = (name: string): boolean => name in EnvSchema.shape || (name.endsWith('_FILE') && (SECRET_VARIABLES as readonly string[]).includes(name.slice(0, -5)));

describe('the image', () => {
  const file = read('deploy/docker/Dockerfile');
  const instructions = file.replaceAll(/\\\n/g, ' ').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).map((line) => ({ name: line.split(/\s/, 1)[0]!, rest: line.replace(/^\S+\s*/, '') }));
  const last = (name: string): string | undefined => instructions.findLast((each) => each.name === name)?.rest;

  it('is made of pinned images, in two stages, without secrets, for a user who is not root', () => {
    const from = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest);
    expect(from.length).toBe(2);
    for (const image of from) expect(image).toMatch(/^node:\$\{NODE_VERSION\}-bookworm-slim/);
    expect(last('USER')).toBe('10001:10001');
    expect(instructions.filter(({ name }) => name === 'ADD')).toEqual([]);
    expect(instructions.filter(({ name, rest }) => ['ENV', 'ARG'].includes(name) && /KEY|PASSWORD|SECRET|TOKEN/i.test(rest))).toEqual([]);
    expect(last('HEALTHCHECK')).toContain('healthcheck.mjs');
    expect(file).toContain('--ignore-scripts');
    const variables = [...(last('ENV') ?? '').matchAll(/\b(WARY_\w+)=/g)].map(([, name]) => name!);
    expect(variables.length).toBeGreaterThan(2);
    expect(variables.filter((name) => !isKnownVariable(name))).toEqual([]);
  });

  it('lets nothing into its context but what it is built from', () => {
    const lines = read('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    for (const never of ['**/node_modules', '**/.wary*', '**/*.key', '**/.env*']) expect(lines.slice(lines.findLastIndex((line) => line.startsWith('!')))).toContain(never);
    for (const path of lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it('hadolint has nothing to say', (context) => {
    const { status, stdout } = run(pathOf(hadolint(), context), ['deploy/docker/Dockerfile']);
    expect(`${status} ${stdout}`).toBe('0 ');
  }, TOOL_MS);
});

interface Service { profiles?: string[]; image: string; command?: string[]; environment?: Record<string, string>; read_only?: boolean; cap_drop?: string[]; security_opt?: string[]; tmpfs?: string[]; networks?: Record<string, unknown>; healthcheck?: object; depends_on?: Record<string, { condition: string }>; secrets?: Array<{ source: string }>; deploy?: { resources?: { limits?: { memory?: string } } } }
interface Compose { services: Record<string, Service>; networks: Record<string, { internal?: boolean }>; secrets: Record<string, { file: string }> }

describe('compose', () => {
  it('is a compose file by the specification, with every process behind what it needs and locked in', (context) => {
    const tool = pathOf(composeSpec(), context);
    const { status, stdout, stderr } = run(tool, ['-format', 'json', 'compose.yml'], { COMPOSE_PROFILES: 'scaled,embedded' }, join(root, 'deploy/compose'));
    expect(`${status} ${stderr}`).toBe('0 ');
    const { services, networks, secrets } = JSON.parse(stdout) as Compose;
    expect(Object.keys(services).sort()).toEqual([...PROCESSES, 'clickhouse', 'kafka', 'migrate', 'postgres', 'wary'].sort());
    expect(networks['inside']!.internal).toBe(true);
    for (const [name, service] of Object.entries(services)) {
      expect(service.image, name).toMatch(/:[\w.-]*\d+\.\d+[\w.-]*$/);
      expect(service.cap_drop, name).toEqual(['ALL']);
      expect(service.security_opt, name).toContain('no-new-privileges:true');
      expect(service.deploy?.resources?.limits?.memory, name).toBeDefined();
      expect(service.healthcheck, name).toBeDefined();
      if (!service.image.startsWith('wary:')) continue;
      expect(service.read_only, name).toBe(true);
      expect(service.tmpfs?.some((each) => each.startsWith('/tmp')), name).toBe(true);
      expect(Object.keys(service.environment ?? {}).filter((each) => !isKnownVariable(each)), name).toEqual([]);
      expect(Object.entries(service.environment ?? {}).filter(([variable]) => (SECRET_VARIABLES as readonly string[]).includes(variable)), name).toEqual([]);
      for (const { source } of service.secrets ?? []) expect(secrets[source], `${name}: ${source}`).toBeDefined();
      expect(isApp(service.command![1]!), name).toBe(true);
    }
    for (const name of PROCESSES) {
      expect(Object.fromEntries(Object.entries(services[name]!.depends_on!).map(([other, { condition }]) => [other, condition]))).toEqual({ kafka: 'service_healthy', clickhouse: 'service_healthy', postgres: 'service_healthy', migrate: 'service_completed_successfully' });
    }
  }, TOOL_MS);

  it('its secrets are made by the script, once, and are what the product takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wary-secrets-'));
    try {
      const script = join(folder, 'make-secrets.sh');
      writeFileSync(script, read('deploy/compose/make-secrets.sh'));
      expect(run('sh', [script]).status).toBe(0);
      const names = Object.values((parse(read('deploy/compose/compose.yml'), { merge: true }) as Compose).secrets).map(({ file }) => file.replace('./secrets/', ''));
      const first = names.map((name) => readFileSync(join(folder, 'secrets', name), 'utf8'));
      expect(run('sh', [script]).stdout).not.toContain('made');
      expect(names.map((name) => readFileSync(join(folder, 'secrets', name), 'utf8'))).toEqual(first);
      const value = Object.fromEntries(names.map((name, index) => [name, first[index]!]));
      const parsed = EnvSchema.safeParse({ WARY_SECRET_KEY: value['secret_key'], WARY_ADMIN_PASSWORD: value['admin_password'], WARY_INGEST_KEY: value['ingest_key'], WARY_POSTGRES_URL: value['postgres_url'], WARY_CLICKHOUSE_URL: value['clickhouse_url'] });
      expect(parsed.error?.issues).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

interface Container { name: string; image: string; command: string[]; env: Array<{ name: string; value?: string }>; securityContext: object; livenessProbe?: { httpGet: { path: string } }; readinessProbe?: { httpGet: { path: string } }; startupProbe?: object; resources: { requests: object; limits: { memory: string } } }
interface Resource {
  apiVersion: string; kind: string; metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  spec: { template?: { metadata: { labels: Record<string, string> }; spec: { containers: Container[]; securityContext: object; enableServiceLinks: boolean; automountServiceAccountToken: boolean; topologySpreadConstraints?: unknown[]; volumes: object[] } }; selector?: { matchLabels: Record<string, string> }; groups?: unknown; scaleTargetRef?: { name: string; kind: string }; podSelector?: { matchLabels: Record<string, string> }; ports?: Array<{ name: string; port: number }> };
  data?: Record<string, string>;
}

describe('the chart', () => {
  const chart = join(root, 'deploy/helm/wary');
  function render(tool: string, values: string, ...more: string[]): { status: number | null; resources: Resource[]; said: string; text: string } {
    const { status, stdout, stderr } = run(tool, ['template', 'wary', chart, '--kube-version', KUBERNETES[1], '--values', join(chart, 'ci', `${values}-values.yaml`), ...more]);
    return { status, said: stderr, text: stdout, resources: status === 0 ? parseAllDocuments(stdout).map((document) => document.toJS() as Resource | null).filter((each) => each !== null) : [] };
  }
  const pods = (resources: readonly Resource[]) => resources.filter(({ spec }) => spec?.template !== undefined).map((resource) => ({ resource, pod: resource.spec.template!.spec, container: resource.spec.template!.spec.containers[0]! }));

  it.for(['scaled', 'embedded', 'smallest'])('lints and renders, and Kubernetes would take it: %s', { timeout: TOOL_MS }, (values, context) => {
    const tool = pathOf(helm(), context);
    const schemas = pathOf(kubernetesValidate(), context);
    expect(run(tool, ['lint', '--strict', chart, '--kube-version', KUBERNETES[1], '--values', join(chart, 'ci', `${values}-values.yaml`)]).stdout).toContain('0 chart(s) failed');
    const { status, said, text } = render(tool, values);
    expect(status, said).toBe(0);
    const folder = mkdtempSync(join(tmpdir(), 'wary-chart-'));
    try {
      writeFileSync(join(folder, 'all.yaml'), text);
      for (const version of KUBERNETES) {
        const { status: valid, stdout, stderr } = run(schemas, ['--strict', '--kubernetes-version', version, join(folder, 'all.yaml')]);
        const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
        expect(lines.filter((line) => line.startsWith('INFO')).length).toBeGreaterThan(4);
        // Kinds of KEDA and of the Prometheus operator have schemas of their own; see below.
        expect(lines.filter((line) => !line.startsWith('INFO') && !/kind (ScaledObject|TriggerAuthentication|ServiceMonitor|PrometheusRule) /.test(line))).toEqual([]);
        expect(valid).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.for(['scaled', 'embedded', 'smallest'])('locks every pod in, and tells alive from ready: %s', { timeout: TOOL_MS }, (values, context) => {
    const { resources } = render(pathOf(helm(), context), values);
    const found = pods(resources);
    expect(found.map(({ container }) => container.name).sort()).toEqual(values === 'embedded' ? ['embedded'] : [...PROCESSES, 'migrate'].sort());
    for (const { resource, pod, container } of found) {
      const name = container.name;
      expect(pod.securityContext, name).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } });
      expect(container.securityContext, name).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect([pod.automountServiceAccountToken, pod.enableServiceLinks], name).toEqual([false, false]);
      expect(container.resources.limits.memory, name).toMatch(/^\d+[MG]i$/);
      expect(container.image).toBe('wary:0.1.0');
      expect(isApp(container.command[1]!), name).toBe(true);
      // An unknown WARY_ variable would stop the start, and a secret must come as a file.
      expect(container.env.map((each) => each.name).filter((variable) => !isKnownVariable(variable) || (SECRET_VARIABLES as readonly string[]).includes(variable)), name).toEqual([]);
      const parsed = EnvSchema.safeParse(Object.fromEntries([...container.env.filter((each) => each.name in EnvSchema.shape).map((each) => [each.name, each.value]), ['WARY_KAFKA_PASSWORD', values === 'scaled' ? 'x' : undefined]]));
      expect(parsed.error?.issues, name).toBeUndefined();
      if (resource.kind === 'Job') continue;
      expect([container.startupProbe !== undefined, container.livenessProbe?.httpGet.path, container.readinessProbe?.httpGet.path], name).toEqual([true, '/healthz', '/readyz']);
      expect(pod.topologySpreadConstraints?.length, name).toBe(2);
    }
    // Whatever selects pods selects some, and every pod is behind a policy.
    const labels = found.map(({ resource }) => resource.spec.template!.metadata.labels);
    const matches = (wanted: Readonly<Record<string, string>>) => labels.filter((each) => Object.entries(wanted).every(([key, value]) => each[key] === value)).length;
    for (const { kind, metadata, spec } of resources) if (spec?.selector?.matchLabels !== undefined && kind !== 'ServiceMonitor') expect(matches(spec.selector.matchLabels), `${kind} ${metadata.name}`).toBe(1);
    const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.map(({ spec }) => matches(spec.podSelector!.matchLabels))).toEqual(labels.map(() => 1));
    const workloads = new Map(resources.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, true]));
    for (const { kind, spec } of resources) if (spec?.scaleTargetRef !== undefined) expect(workloads.has(`${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`), kind).toBe(true);
  });

  it('has the alert rules and the dashboard of deploy/monitoring, under the job that the rules ask for', (context) => {
    const { resources } = render(pathOf(helm(), context), 'scaled');
    const one = (kind: string): Resource => resources.find((each) => each.kind === kind)!;
    expect(one('PrometheusRule').spec).toEqual(parse(read('deploy/monitoring/alerts.yml')));
    expect(JSON.parse(one('ConfigMap').data!['wary.json']!)).toEqual(JSON.parse(read('deploy/monitoring/dashboard.json')));
    expect(read('deploy/monitoring/alerts.yml')).toContain('up{job="wary"}');
    expect(one('ServiceMonitor').spec).toMatchObject({ jobLabel: 'app.kubernetes.io/name' });
    for (const { metadata, spec } of resources.filter(({ kind }) => kind === 'Service')) {
      expect(metadata.labels['app.kubernetes.io/name']).toBe('wary');
      expect(spec.ports!.map(({ name }) => name)).toContain('ops');
    }
  }, TOOL_MS);

  it('what it hands to KEDA and to the Prometheus operator is as they define it', (context) => {
    const keda = join(pathOf(kedaModule(), context), 'config/crd/bases');
    const prometheus = join(pathOf(prometheusOperatorModule(), context), 'example/prometheus-operator-crd');
    const checks = {
      ScaledObject: customResource(keda, 'keda.sh_scaledobjects.yaml'), TriggerAuthentication: customResource(keda, 'keda.sh_triggerauthentications.yaml'),
      ServiceMonitor: customResource(prometheus, 'monitoring.coreos.com_servicemonitors.yaml'), PrometheusRule: customResource(prometheus, 'monitoring.coreos.com_prometheusrules.yaml'),
    };
    const { resources } = render(pathOf(helm(), context), 'scaled');
    for (const [kind, check] of Object.entries(checks)) {
      const found = resources.filter((each) => each.kind === kind);
      expect(found.length, kind).toBeGreaterThan(0);
      for (const each of found) expect(check(each), `${kind} ${each.metadata.name}`).toEqual([]);
    }
    // The check sees what is wrong.
    const scaled = resources.find(({ kind }) => kind === 'ScaledObject')!;
    expect(checks.ScaledObject({ ...scaled, spec: { ...scaled.spec, minReplicas: 2 } } as Resource)).not.toEqual([]);
  }, TOOL_MS);

  it.for([
    ['a secret in the configuration', 'config.WARY_SECRET_KEY=x', /propertyName|config/],
    ['a value that there is not', 'replicaCount=2', /replicaCount/],
    ['no secret', 'secret.name=', /secret\.name is needed/],
    ['no brokers', 'kafka.brokers=null', /kafka\.brokers is needed|brokers/],
    ['the tag latest', 'image.tag=latest', /image.*tag/],
    ['more partitions than the topic may have', 'kafka.partitions=1000', /partitions/],
  ] as const)('refuses %s', { timeout: TOOL_MS }, ([, set, expected], context) => {
    const { status, said } = render(pathOf(helm(), context), 'smallest', '--set', set);
    expect(status).not.toBe(0);
    expect(said).toMatch(expected);
  });
});
