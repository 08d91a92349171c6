import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { isOf } from './subtypes.ts'

/** An event as the value of a subscription's root field. */
export interface RootEvent {
  readonly field: string
  /** `__typename` and the event's own fields, in the form of the graph's scalars. */
  readonly value: Readonly<Record<string, unknown>>
}

/** What an event answers by itself of a subscription's first fetch. */
export interface EventAnswer {
  readonly data: Record<string, unknown>
  /** Where the selection asks for what the event does not carry; empty: the event is the whole answer. */
  readonly missing: readonly (readonly string[])[]
}

/** A plan's fetch is asked again for every event; its text is read once. */
const documents = new LRUCache<string, DocumentNode>({ max: 1_000 })

function parsed(query: string): DocumentNode {
  const document = documents.get(query) ?? parse(query, { noLocation: true })
  documents.set(query, document)
  return document
}

/**
 * Answers a subscription's first fetch from the event alone. Most streams select nothing else, and then cost no fetch;
 * and where the subgraph cannot be reached, the event's own fields still arrive.
 */
export function answerFromEvent(schema: GraphQLSchema, query: string, event: RootEvent): EventAnswer {
  const document = parsed(query)
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }
  const [operation] = document.definitions
  const root = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections[0] : undefined
  if (root?.kind !== Kind.FIELD || root.name.value !== event.field || !root.selectionSet)
    return { data: {}, missing: [[]] }

  const rootName = root.alias?.value ?? root.name.value
  const answer: Record<string, unknown> = Object.create(null)
  const missing: string[][] = []
  const select = (selectionSet: SelectionSetNode) => {
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value
        const value = event.value[node.name.value]
        if (value === undefined || node.selectionSet || node.arguments?.length || node.directives?.length) {
          missing.push([rootName, name])
        } else {
          answer[name] = value
        }
        continue
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node
      const condition = fragment?.typeCondition?.name.value
      if (!fragment || node.directives?.length) missing.push([rootName])
      else if (!condition || isOf(schema, event.value.__typename, condition)) select(fragment.selectionSet)
    }
  }
  select(root.selectionSet)
  return { data: { [rootName]: answer }, missing }
}
