// Who may import whom. Direction: model ← pipeline, ports ← stage libraries; ports ← adapters; platform → stages; apps → everything.
const STAGES = '^libs/(ingest|normalize|enrich|protect|baseline|detect|rules|alert|incident|notify|simulate)/';
const TEST = '\\.(test|bench)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'model-is-the-root', severity: 'error', from: { path: '^libs/model/', pathNot: TEST }, to: { path: '^libs/(?!model/)' } },
    { name: 'pipeline-and-ports-know-only-model', severity: 'error', from: { path: '^libs/(pipeline|ports)/', pathNot: TEST }, to: { path: '^libs/(?!(model|pipeline|ports)/)' } },
    {
      name: 'stages-do-not-import-each-other', severity: 'error',
      comment: 'detect stands on baseline; everything else meets in the path (libs/platform/src/path)',
      from: { path: '^libs/(ingest|normalize|enrich|protect|baseline|rules|alert|incident|notify|simulate)/', pathNot: TEST },
      to: { path: '^libs/', pathNot: ['^libs/(model|pipeline|ports)/', '^libs/$1/'] },
    },
    { name: 'detect-stands-on-baseline', severity: 'error', from: { path: '^libs/detect/', pathNot: TEST }, to: { path: '^libs/', pathNot: '^libs/(model|pipeline|ports|baseline|detect)/' } },
    { name: 'workflow-joins-alert-incident-notify', severity: 'error', from: { path: '^libs/workflow/', pathNot: TEST }, to: { path: '^libs/', pathNot: '^libs/(model|pipeline|ports|alert|incident|notify|workflow)/' } },
    { name: 'adapters-know-only-ports', severity: 'error', from: { path: '^libs/adapters/([^/]+)/', pathNot: TEST }, to: { path: '^libs/', pathNot: ['^libs/(model|pipeline|ports)/', '^libs/adapters/$1/'] } },
    {
      name: 'stages-are-pure', severity: 'error',
      from: { path: [STAGES, '^libs/(model|pipeline|ports|workflow)/'], pathNot: TEST },
      to: { path: '(^|node_modules/)(@nestjs|kafkajs|@clickhouse|chdb|kysely|pg|@electric-sql|fastify|socket\\.io)(/|$)' },
    },
    {
      name: 'stages-do-no-io', severity: 'error',
      from: { path: [STAGES, '^libs/(model|pipeline|ports|workflow)/'], pathNot: TEST },
      to: { path: '^(node:)?(fs|fs/promises|http|https|net|tls|dgram|child_process|worker_threads|cluster|os|process)$' },
    },
    { name: 'nest-only-in-platform-and-apps', severity: 'error', from: { path: '^libs/(?!platform/)', pathNot: TEST }, to: { path: 'node_modules/@nestjs/' } },
    { name: 'libs-do-not-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['wary-source', 'import', 'node', 'default', 'types'] },
  },
};
