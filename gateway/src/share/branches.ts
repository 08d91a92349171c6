/**
 * An operation as branches: runs of neighbouring root fields that use the same variables. One branch of two operations may
 * be equal though the operations are not: a page's list that is the same for everybody, beside the one thing that is not.
 * A branch is an operation of its own, planned and answered as one.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { Operation } from '../operation/operation.ts'

/** More are not worth their requests: what one subgraph has, an undivided operation asks of it once. */
const mostBranches = 4

/** What is the same of a branch whoever asks. */
interface Branch {
  readonly left: Document
  readonly asked: Document
  readonly variables: readonly string[]
}

type Document = Pick<Operation, 'document' | 'definition' | 'fragments'>

const known = new WeakMap<OperationDefinitionNode, readonly Branch[]>()

/**
 * The branches of a query, in its order; undefined: it has one only, or something was taken out of it. Where subgraphs are
 * told as of when, a branch of now is of its operation's now and of no other's: one operation, one `knownAt`.
 */
export function branchesOf(operation: PermittedOperation, told: boolean): readonly PermittedOperation[] | undefined {
  if (operation.taken || operation.definition.operation !== 'query') return undefined
  let branches = known.get(operation.definition)
  if (!branches) {
    branches = divided(operation)
    known.set(operation.definition, branches)
  }
  if (branches.length < 2) return undefined
  return branches.map(({ left, asked, variables: names }, index) => {
    const variables: Record<string, unknown> = {}
    for (const name of names) if (Object.hasOwn(operation.variables, name)) variables[name] = operation.variables[name]
    return {
      ...operation,
      ...left,
      variables,
      isOfNow: operation.isOfNow && !told,
      asked: { ...operation.asked, ...asked, variables },
      planKey: `${operation.planKey} branch ${index}`,
    }
  })
}

function divided(operation: PermittedOperation): readonly Branch[] {
  const runs = runsOf(operation.definition, operation.fragments)
  const { asked } = operation
  // What is planned asks for more, at most; where it has other root fields, it is not ours to divide.
  const [wanted, planned] = [asked, operation].map((one) => one.definition.selectionSet.selections.map(responseName))
  if (!runs || runs.length > mostBranches || wanted?.join(' ') !== planned?.join(' ')) return []
  let from = 0
  return runs.map((length) => {
    const [start, end] = [from, from + length]
    from = end
    const left = part(operation, start, end)
    return {
      left,
      asked: asked.definition === operation.definition ? left : part(asked, start, end),
      variables: (left.definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    }
  })
}

/** The lengths of the runs; undefined: a fragment stands at the root, or one name has several fields. */
function runsOf(
  { selectionSet }: OperationDefinitionNode,
  fragments: Operation['fragments'],
): readonly number[] | undefined {
  const fields = selectionSet.selections.filter((node) => node.kind === Kind.FIELD)
  if (fields.length < selectionSet.selections.length) return undefined
  if (new Set(fields.map(responseName)).size < fields.length) return undefined
  const runs: number[] = []
  let before: string | undefined
  for (const field of fields) {
    const uses = [...usedBy(field, fragments).variables].sort().join(' ')
    if (uses === before) runs.push(runs.pop()! + 1)
    else runs.push(1)
    before = uses
  }
  return runs
}

const responseName = (node: SelectionNode) => (node.kind === Kind.FIELD ? (node.alias ?? node.name).value : '')

/** An operation with some of its root fields, and of all else what they use. */
function part({ definition, fragments }: Document, start: number, end: number): Document {
  const selections = definition.selectionSet.selections.slice(start, end)
  const used = selections.map((node) => usedBy(node as FieldNode, fragments))
  const own: OperationDefinitionNode = {
    ...definition,
    selectionSet: { ...definition.selectionSet, selections },
    variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
      used.some(({ variables }) => variables.has(variable.name.value)),
    ),
  }
  const spread = new Map(used.flatMap((one) => [...one.fragments]))
  return {
    document: { kind: Kind.DOCUMENT, definitions: [own, ...spread.values()] },
    definition: own,
    fragments: Object.fromEntries(spread),
  }
}

/** The variables and fragments that a root field uses, through fragments too. */
function usedBy(field: FieldNode, fragments: Operation['fragments']) {
  const variables = new Set<string>()
  const spread = new Map<string, FragmentDefinitionNode>()
  const read = (node: FieldNode | FragmentDefinitionNode): void => {
    visit(node, {
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments[name.value]
        if (!fragment || spread.has(name.value)) return
        spread.set(name.value, fragment)
        read(fragment)
      },
    })
  }
  read(field)
  return { variables, fragments: spread }
}
