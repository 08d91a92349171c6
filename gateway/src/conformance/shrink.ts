/** Makes an operation that shows a difference smaller while it still shows one. */
import { type ASTNode, type DocumentNode, type FieldNode, Kind, parse, print, type SelectionNode, visit } from 'graphql'
import type { GeneratedOperation } from './generate-operation.ts'

/** `fails` must be false for what is no valid operation. */
export async function shrunk(
  operation: GeneratedOperation,
  fails: (smaller: GeneratedOperation) => Promise<boolean>,
): Promise<GeneratedOperation> {
  let smallest = operation
  for (;;) {
    const smaller = await firstThat(smallerOnes(smallest), fails)
    if (!smaller) return smallest
    smallest = smaller
  }
}

async function firstThat<T>(all: Iterable<T>, holds: (one: T) => Promise<boolean>): Promise<T | undefined> {
  for (const one of all) if (await holds(one)) return one
  return undefined
}

function* smallerOnes({ query, variables }: GeneratedOperation): Iterable<GeneratedOperation> {
  const document = parse(query, { noLocation: true })
  for (const change of changesOf(document)) {
    const changed = withoutUnused(change())
    const smaller = print(changed)
    if (smaller.length < print(document).length) yield { query: smaller, variables }
  }
}

/** Everything that could be left out, the largest parts first. */
function changesOf(document: DocumentNode): readonly (() => DocumentNode)[] {
  const changes: { size: number; change: () => DocumentNode }[] = []
  const offer = (node: ASTNode, by: ASTNode | null | readonly ASTNode[]) =>
    changes.push({ size: print(node).length, change: () => replaced(document, node, by) })
  visit(document, {
    SelectionSet(set) {
      for (const selection of set.selections) {
        if (set.selections.length > 1) offer(selection, null)
        const below = inside(selection, document)
        if (below)
          changes.push({
            size: 1,
            change: () =>
              replaced(document, set, {
                ...set,
                selections: set.selections.flatMap((one) => (one === selection ? below : [one])),
              }),
          })
      }
    },
    Directive: (node) => void offer(node, null),
    Field(node) {
      if (node.alias) changes.push({ size: 2, change: () => replaced(document, node, withoutAlias(node)) })
    },
    Argument: (node) => void offer(node, null),
  })
  return changes.sort((a, b) => b.size - a.size).map(({ change }) => change)
}

function withoutAlias({ alias: _, ...field }: FieldNode): FieldNode {
  return field
}

/** What stands in a fragment. */
function inside(selection: SelectionNode, document: DocumentNode): readonly SelectionNode[] | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections
  if (selection.kind === Kind.FIELD) return undefined
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value)
      return [{ kind: Kind.INLINE_FRAGMENT, typeCondition: node.typeCondition, selectionSet: node.selectionSet }]
  }
  return undefined
}

function replaced(document: DocumentNode, node: ASTNode, by: ASTNode | null | readonly ASTNode[]): DocumentNode {
  return visit(document, { enter: (one) => (one === node ? by : undefined) })
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const used = new Set<string>()
  visit(document, {
    FragmentSpread: (node) => void used.add(node.name.value),
    VariableDefinition: () => false,
    Variable: (node) => void used.add(`$${node.name.value}`),
  })
  const left = visit(document, {
    FragmentDefinition: (node) => (used.has(node.name.value) ? undefined : null),
    VariableDefinition: (node) => (used.has(`$${node.variable.name.value}`) ? undefined : null),
  })
  return left.definitions.length < document.definitions.length ? withoutUnused(left) : left
}
