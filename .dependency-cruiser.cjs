// Which way imports may point (docs/architecture.md): contracts ← platform ← { gateway, subgraphs/*, local } ← test.
const outside = (...rooms) =>
  `^(?!(${rooms.join('|')})/)(contracts|platform|gateway|subgraphs|local|test|scripts|bench)/`

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'contracts-import-nothing',
      severity: 'error',
      from: { path: '^contracts/' },
      to: { path: outside('contracts') },
    },
    {
      name: 'platform-imports-contracts',
      severity: 'error',
      from: { path: '^platform/' },
      to: { path: outside('platform', 'contracts') },
    },
    {
      name: 'gateway-imports-no-subgraph',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: outside('gateway', 'platform', 'contracts') },
    },
    {
      name: 'local-imports-no-service',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: outside('local', 'platform', 'contracts') },
    },
    {
      name: 'no-subgraph-imports-another',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^(subgraphs|gateway|local|test|scripts)/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/|\\.test\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$' },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ is arithmetic and rules: no I/O, no GraphQL, no service kit.',
      severity: 'error',
      from: { path: '^subgraphs/[^/]+/src/domain/', pathNot: '\\.test\\.ts$' },
      to: {
        path: 'node_modules/(graphql|pg|ioredis|kafkajs|undici|@aws-sdk)|^platform/src/(service|warehouse|events|postgres|cache)',
      },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
}
