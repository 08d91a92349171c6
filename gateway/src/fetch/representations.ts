/**
 * Writes the representations with which entities are asked for, as JSON text: the text is what is sent, and equal texts
 * are the same entity. What a plan's `requires` selects is compiled to a list of fields for each type that is met.
 */
import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner'
import { type GraphQLSchema, getNamedType, isInterfaceType, isNonNullType, isObjectType } from 'graphql'
import { type Data, isData, own } from './data.ts'
import { isOf } from './subtypes.ts'

interface Field {
  readonly name: string
  /** `"name":`, or what a rewrite renames it to. */
  readonly label: string
  /** The text that stands there whatever the object has; a rewrite's. */
  readonly constant: string | undefined
  /** Whether nothing can be asked where the value is null. */
  readonly required: boolean
  readonly below: ObjectWriter | undefined
}

const conditionPrefix = '... on '

/** Writes what a selection asks of objects, whatever their types. */
export class ObjectWriter {
  readonly #schema: GraphQLSchema
  readonly #selections: readonly QueryPlanSelectionNode[]
  readonly #rewrites: readonly FetchDataRewrite[]
  /** The type that the field returns, for objects that do not say theirs. */
  readonly #declared: string | undefined
  readonly #fields = new Map<unknown, readonly Field[]>()
  #lastType: unknown
  #lastFields: readonly Field[] | undefined

  constructor(
    schema: GraphQLSchema,
    selections: readonly QueryPlanSelectionNode[],
    rewrites: readonly FetchDataRewrite[] = [],
    declared?: string,
  ) {
    this.#schema = schema
    this.#selections = selections
    this.#rewrites = rewrites
    this.#declared = declared
  }

  /** Undefined: the object has not what must be said, and nothing can be asked. */
  write(object: Data): string | undefined {
    const fields = this.#fieldsOf(object.__typename)
    let text = ''
    for (let index = 0; index < fields.length; index += 1) {
      const { name, label, constant, required, below } = fields[index]!
      const value = own(object, name)
      if (value === undefined || (value === null && required)) return undefined
      const written = constant ?? (below === undefined ? textOf(value) : textBelow(value, below))
      if (written === undefined) return undefined
      text += index === 0 ? label + written : `,${label}${written}`
    }
    return `{${text}}`
  }

  /** Whether what is written for this type says which entity is meant. */
  says(typename: unknown): boolean {
    return this.#fieldsOf(typename).some(({ name }) => name === '__typename')
  }

  /** What is written for this type follows from these fields alone, compared as they are; undefined: not so. */
  leavesOf(typename: unknown): readonly string[] | undefined {
    const fields = this.#fieldsOf(typename)
    return fields.every(({ below }) => below === undefined) ? fields.map(({ name }) => name) : undefined
  }

  #fieldsOf(typename: unknown): readonly Field[] {
    if (this.#lastFields !== undefined && typename === this.#lastType) return this.#lastFields
    const type = typeof typename === 'string' ? typename : undefined
    const fields = this.#fields.get(type) ?? this.#compile(type)
    // A subgraph may call its objects anything; only types of the graph are remembered.
    if (type === undefined || this.#schema.getType(type)) this.#fields.set(type, fields)
    this.#lastType = typename
    this.#lastFields = fields
    return fields
  }

  #compile(type: string | undefined): readonly Field[] {
    const selected = new Map<string, QueryPlanSelectionNode[]>()
    const select = (selections: readonly QueryPlanSelectionNode[]): void => {
      for (const node of selections) {
        if (node.kind === 'Field') {
          const name = node.alias ?? node.name
          selected.set(name, [...(selected.get(name) ?? []), ...(node.selections ?? [])])
        } else if (!node.typeCondition || isOf(this.#schema, type, node.typeCondition)) {
          select(node.selections)
        }
      }
    }
    select(this.#selections)

    const rewrites = this.#rewritesFor(type)
    const owner = this.#schema.getType(type ?? this.#declared ?? '')
    const types = isObjectType(owner) || isInterfaceType(owner) ? owner.getFields() : undefined
    return [...selected].map(([name, selections]): Field => {
      const returned = types && Object.hasOwn(types, name) ? types[name]!.type : undefined
      const here = rewrites.filter(({ path }) => path.length === 1 && path[0] === name)
      const setter = here.find((rewrite) => rewrite.kind === 'ValueSetter')
      const renamer = here.find((rewrite) => rewrite.kind === 'KeyRenamer')
      const deeper = rewrites
        .filter(({ path }) => path.length > 1 && path[0] === name)
        .map((rewrite) => ({ ...rewrite, path: rewrite.path.slice(1) }))
      return {
        name,
        label: `${JSON.stringify(renamer?.renameKeyTo ?? name)}:`,
        constant: setter && JSON.stringify(setter.setValueTo),
        required: name === '__typename' || isNonNullType(returned),
        below:
          selections.length > 0
            ? new ObjectWriter(this.#schema, selections, deeper, returned && getNamedType(returned).name)
            : undefined,
      }
    })
  }

  /** The rewrites that apply to a type, without the conditions that it fulfils. */
  #rewritesFor(type: string | undefined): readonly FetchDataRewrite[] {
    return this.#rewrites.flatMap((rewrite) => {
      const [first, ...rest] = rewrite.path
      if (!first?.startsWith(conditionPrefix)) return [rewrite]
      const applies = type === undefined || isOf(this.#schema, type, first.slice(conditionPrefix.length))
      return applies ? [{ ...rewrite, path: rest }] : []
    })
  }
}

function textBelow(value: unknown, below: ObjectWriter): string | undefined {
  if (value === null) return 'null'
  if (isData(value)) return below.write(value)
  if (!Array.isArray(value)) return undefined
  let text = ''
  for (let index = 0; index < value.length; index += 1) {
    const written = textBelow(value[index], below)
    if (written === undefined) return undefined
    text += index === 0 ? written : `,${written}`
  }
  return `[${text}]`
}

const textOf = (value: unknown): string =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value)
