// Makes what is generated and committed: the composed supergraph, each subgraph's resolver types, the events' types.
// With --check it writes nothing, and fails where a committed file does not match its source.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateEventTypes } from '@fundmesh/contracts/generate-events'
import { type SubgraphName, subgraphSdl } from '@fundmesh/contracts/graph'
import { operationsFolder, readTrustedDocuments } from '@fundmesh/contracts/operations'
import { codegen } from '@graphql-codegen/core'
import * as typescript from '@graphql-codegen/typescript'
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers'
import { parse } from 'graphql'
import { composeSupergraph, supergraphFile } from './compose.ts'
import { operationsManifest } from './operations-manifest.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const subgraphs: readonly SubgraphName[] = ['fund', 'performance', 'risk', 'entitlement', 'marketplace']

/** Type mappers of a team: GraphQL type → the TypeScript type that its resolvers pass on. A `mappers.json` beside the SDL's team. */
function mappersOf(name: SubgraphName): Record<string, string> {
  try {
    return JSON.parse(readFileSync(`${root}subgraphs/${name}/mappers.json`, 'utf8'))
  } catch {
    return {}
  }
}

async function resolverTypes(name: SubgraphName): Promise<string> {
  const filename = `${root}subgraphs/${name}/src/generated/graphql.ts`
  // Federation's own directives are declared by its link, which the generator does not read.
  const schema = parse(`${subgraphSdl(name).replace(/^extend schema[\s\S]*?\n\n/, '')}
    directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
    directive @shareable repeatable on OBJECT | FIELD_DEFINITION
    directive @external on OBJECT | FIELD_DEFINITION
    directive @requires(fields: String!) on FIELD_DEFINITION
    directive @policy(policies: [[String!]!]!) on OBJECT | FIELD_DEFINITION
    directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | FIELD_DEFINITION
    ${/^type Query/m.test(subgraphSdl(name)) ? '' : 'type Query { _unused: Boolean }'}`)
  const body = await codegen({
    filename,
    schema,
    documents: [],
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers: typescriptResolvers },
    config: {
      federation: true,
      useTypeImports: true,
      enumsAsTypes: true,
      emitLegacyCommonJSImports: false,
      importExtension: '.ts',
      strictScalars: true,
      scalars: {
        Decimal: 'string',
        Fraction: { input: 'string', output: 'number | string' },
        Date: 'string',
        DateTime: 'string',
        Currency: 'string',
        CountryCode: 'string',
        ISIN: 'string',
        LEI: 'string',
        Cursor: 'string',
        _FieldSet: 'string',
      },
      contextType: '../context.ts#Context',
      mappers: mappersOf(name),
      maybeValue: 'T | null | undefined',
    },
  })
  return `// Made by \`npm run generate\` from contracts/graph/${name}.graphql. Do not edit.\n${body}\n`
}

const wanted = new Map<string, string>([[supergraphFile, composeSupergraph()]])
for (const name of subgraphs) wanted.set(`${root}subgraphs/${name}/src/generated/graphql.ts`, await resolverTypes(name))
wanted.set(`${root}contracts/src/generated/events.ts`, generateEventTypes())
const documents = readTrustedDocuments(operationsFolder)
for (const app of new Set(documents.map(({ app }) => app))) {
  wanted.set(`${operationsFolder}/${app}/manifest.json`, operationsManifest(documents.filter((one) => one.app === app)))
}

const read = (file: string) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
const stale = [...wanted].filter(([file, content]) => read(file) !== content)
if (process.argv.includes('--check')) {
  for (const [file] of stale)
    console.error(`${relative(root, file)} does not match its source; run \`npm run generate\``)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [file, content] of stale) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    console.log(`wrote ${relative(root, file)}`)
  }
}
