// Composes the five SDLs that supergraph.yaml names into contracts/graph/supergraph.graphql.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { parse as parseYaml } from 'yaml'

const root = new URL('../', import.meta.url)
export const supergraphFile = fileURLToPath(new URL('contracts/graph/supergraph.graphql', root))

/** The supergraph SDL of the committed contracts. Throws an Error that lists every composition error with its code. */
export function composeSupergraph(): string {
  const config = parseYaml(readFileSync(new URL('supergraph.yaml', root), 'utf8')) as {
    subgraphs: Record<string, { routing_url: string; schema: { file: string } }>
  }
  const services = Object.entries(config.subgraphs).map(([name, { routing_url, schema }]) => ({
    name,
    url: routing_url,
    typeDefs: parse(readFileSync(new URL(schema.file, root), 'utf8')),
  }))
  const { supergraphSdl, errors } = composeServices(services)
  if (!supergraphSdl) {
    const reasons = (errors ?? []).map((error) => `  ${error.extensions.code}: ${error.message}`)
    throw new Error(`supergraph.yaml does not compose:\n${reasons.join('\n')}`)
  }
  return `# Made by \`npm run compose\` from supergraph.yaml and contracts/graph/*.graphql. Do not edit.\n${supergraphSdl}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    writeFileSync(supergraphFile, composeSupergraph())
    console.log('wrote contracts/graph/supergraph.graphql')
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
