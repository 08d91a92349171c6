import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
  visit,
} from 'graphql'

/** The variable with which a plan's document asks for entities. */
const REPRESENTATIONS = 'representations'

/** A document as it is sent. */
export interface Sent {
  readonly text: string
  readonly name: string | undefined
  /** Names of the operation's variables that are sent along. */
  readonly variables: readonly string[]
  /** For each of its lookups: the name of the entities in the answer, and of the variable with the representations. */
  readonly entities: readonly string[]
  readonly representations: readonly string[]
}

/** A plan's own document. */
export const sentAlone = (text: string, name: string | undefined, variables: readonly string[]): Sent => ({
  text,
  name,
  variables,
  entities: ['_entities'],
  representations: [REPRESENTATIONS],
})

/** One document that asks for what several documents ask: `_entities` under a name for each. */
export function combined(documents: readonly Sent[]): Sent {
  const entities = documents.map((_, index) => `e${index}`)
  const prefix = freePrefix(documents.flatMap((document) => document.variables))
  const representations = documents.map((_, index) => prefix + index)
  const variables = new Map<string, VariableDefinitionNode>()
  const roots: FieldNode[] = []
  const fragments: DocumentNode['definitions'][number][] = []
  for (const [index, { text }] of documents.entries()) {
    const document = renamed(parse(text, { noLocation: true }), index, representations[index]!)
    for (const node of document.definitions) {
      if (node.kind !== Kind.OPERATION_DEFINITION) {
        fragments.push(node)
        continue
      }
      for (const definition of node.variableDefinitions ?? []) variables.set(definition.variable.name.value, definition)
      for (const root of node.selectionSet.selections)
        if (root.kind === Kind.FIELD) roots.push({ ...root, alias: name(entities[index]!) })
    }
  }
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: 'query' as OperationDefinitionNode['operation'],
    ...(documents[0]?.name !== undefined && { name: name(documents[0].name) }),
    variableDefinitions: [...variables.values()],
    selectionSet: { kind: Kind.SELECTION_SET, selections: roots },
  }
  return {
    text: stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] })),
    name: documents[0]?.name,
    variables: [...new Set(documents.flatMap((document) => document.variables))],
    entities,
    representations,
  }
}

/** What only one document means by a name gets a name of its own: its fragments, and its representations. */
const renamed = (document: DocumentNode, index: number, representations: string): DocumentNode => {
  const fragment = (own: string) => name(`${own}_${index}`)
  return visit(document, {
    FragmentDefinition: (node) => ({ ...node, name: fragment(node.name.value) }),
    FragmentSpread: (node) => ({ ...node, name: fragment(node.name.value) }),
    Variable: (node) => (node.name.value === REPRESENTATIONS ? { ...node, name: name(representations) } : undefined),
  })
}

/** A beginning that none of the client's variables has. */
function freePrefix(variables: readonly string[]): string {
  let prefix = 'r'
  while (variables.some((variable) => variable.startsWith(prefix))) prefix += '_'
  return prefix
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const
