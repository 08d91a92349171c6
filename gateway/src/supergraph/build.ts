import { errorCauses, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { type DirectiveNode, type DocumentNode, GraphQLError, Kind, parse, visit } from 'graphql'

/**
 * Makes a supergraph of the text that Federation 1 or 2 tools composed (join v0.1 to v0.5). Throws an Error that says
 * each reason with its line where it is no such text, or wants for its execution or its security what is not known here.
 */
export function buildSupergraph(sdl: string): Supergraph {
  try {
    return Supergraph.build(withPurposes(parse(sdl)), { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
  } catch (error) {
    throw new Error(reasonsOf(error).join('; '))
  }
}

const firstCore = 'https://specs.apollo.dev/core/v0.1'
const coreWithPurposes = 'https://specs.apollo.dev/core/v0.2'

/**
 * The first version of `@core` had no `for:`; tools of its time that wrote one meant the second. Read so, what a feature
 * is for binds us.
 */
function withPurposes(document: DocumentNode): DocumentNode {
  const links = document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? (node.directives ?? []).filter(({ name }) => name.value === 'core') : [],
  )
  if (!links.some((link) => argumentOf(link, 'for'))) return document
  return visit(document, {
    StringValue: (node) => (node.value === firstCore ? { ...node, value: coreWithPurposes } : undefined),
  })
}

const argumentOf = ({ arguments: given = [] }: DirectiveNode, name: string) =>
  given.find((argument) => argument.name.value === name)

function reasonsOf(error: unknown): readonly string[] {
  const causes = error instanceof Error ? errorCauses(error) : undefined
  return (causes ?? [error]).map((cause) => {
    if (!(cause instanceof GraphQLError)) return cause instanceof Error ? cause.message : String(cause)
    const place = cause.locations?.[0]
    return place ? `line ${place.line}, column ${place.column}: ${cause.message}` : cause.message
  })
}
