/**
 * Completes merged data in one walk: what was asked of what was fetched, as JSON text. An operation is compiled once into
 * writers, one for each place of its selection; a writer is given the value that stands there and gives its text.
 *
 *   null where one may be                 'null'
 *   null where none may be                undefined: the place above is null, or the one above that
 *   what the schema does not promise      the same as null, and a fault
 *   taken out, or forbidden on the data   the same as null, without a fault: its error is told elsewhere
 *
 * That is how the specification completes values (section 6.4.3) and handles their errors (6.4.4). What is in the data
 * and was not selected (keys, what `@requires` takes) has no writer, and no way into the answer.
 */
import {
  type FieldNode,
  type GraphQLCompositeType,
  GraphQLID,
  type GraphQLInterfaceType,
  type GraphQLNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  type GraphQLUnionType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql'
import type { Taken } from '../access/permit.ts'
import { typeKey } from '../access/take-out.ts'
import { restoreName } from '../operation/aliases.ts'
import { collectFields } from '../operation/collect-fields.ts'
import type { Operation } from '../operation/operation.ts'
import { introspection, isIntrospection } from './introspection.ts'
import { leafText } from './leaf.ts'
import { inOnePiece, onePiece } from './one-piece.ts'
import type { Run } from './run.ts'

/** Gives a value's text, or undefined where there is none. */
type Write = (value: unknown, run: Run) => string | undefined

interface FieldWriter {
  /** In the merged data. */
  readonly name: string
  /** What comes before the value: the comma, and the name in the answer. */
  readonly before: string
  readonly write: Write
  /** The same and a quote, where a string can be written as it stands; undefined: where it must be looked at. */
  readonly beforeString: string | undefined
}

export interface ProgramOptions {
  /** As it was asked. Of its variables only those of conditions are looked at. */
  readonly operation: Pick<Operation, 'definition' | 'fragments' | 'variables'>
  readonly schema: GraphQLSchema
  /** Object types that are in the graph and not in the schema (view/strangers.ts). */
  readonly strangers: ReadonlySet<string>
  readonly taken: Taken | undefined
}

/** The text of an operation's data. */
export type Program = (data: unknown, run: Run) => string | undefined

export function compile({ operation, schema, strangers, taken }: ProgramOptions): Program {
  let guards = 0

  const field = (
    type: GraphQLCompositeType,
    selected: readonly FieldNode[],
    depth: number,
    isGuarded: boolean,
  ): Write => {
    const name = selected[0]!.name.value
    const returned = typeOf(type, name)
    // An interface's field may be forbidden where the object's own, selected beside it, is not.
    const nodes = taken ? selected.filter((node) => !taken.fields.has(node)) : selected
    if (nodes.length === 0) return isNonNullType(returned) ? () => undefined : () => 'null'
    const write = fieldValue(type, nodes, returned, depth)
    if (!isGuarded || !isObjectType(type)) return write

    const guard = guards++
    return (value, run) => {
      if (run.mayRead(guard, type.name, name)) return write(value, run)
      run.deny(depth, `${type.name}.${name}`)
      return isNonNullType(returned) ? undefined : run.null(depth)
    }
  }

  const fieldValue = (
    type: GraphQLCompositeType,
    nodes: readonly FieldNode[],
    returned: GraphQLOutputType | undefined,
    depth: number,
  ): Write => {
    const { name } = nodes[0]!
    if (name.value === '__typename') {
      const text = JSON.stringify(type.name)
      return isObjectType(type) ? () => text : fault(depth)
    }
    if (type === schema.getQueryType() && isIntrospection(name.value)) {
      const answer = introspection(schema, operation.definition, operation.fragments, nodes)
      return (_, run) => answer(run.variables)
    }
    return returned ? output(returned, selectionSetsOf(nodes), depth) : fault(depth)
  }

  const output = (type: GraphQLOutputType, sets: readonly SelectionSetNode[], depth: number): Write => {
    if (isNonNullType(type)) {
      const write = present(type.ofType, sets, depth)
      return (value, run) => (value === null || value === undefined ? run.fault(depth) : write(value, run))
    }
    const write = present(type, sets, depth)
    return (value, run) => (value === null || value === undefined ? 'null' : (write(value, run) ?? run.null(depth)))
  }

  /** Of a value that is there. */
  const present = (
    type: GraphQLOutputType & GraphQLNullableType,
    sets: readonly SelectionSetNode[],
    depth: number,
  ): Write => {
    if (isLeafType(type)) {
      const textOf = leafText(type)
      return (value, run) => textOf(value) ?? run.fault(depth)
    }
    if (isListType(type)) return list(output(type.ofType, sets, depth + 1), depth)
    return isAbstractType(type) ? abstract(type, sets, depth) : object(type, sets, depth)
  }

  const list =
    (write: Write, depth: number): Write =>
    (value, run) => {
      if (!Array.isArray(value)) return run.fault(depth)
      let whole = ''
      let text = ''
      for (let index = 0; index < value.length; index++) {
        run.path[depth + 1] = index
        const written = write(value[index], run)
        if (written === undefined) return undefined
        text += index === 0 ? written : `,${written}`
        if (text.length > inOnePiece) {
          whole += onePiece(text)
          text = ''
        }
      }
      return `[${whole}${text}]`
    }

  const object = (type: GraphQLCompositeType, sets: readonly SelectionSetNode[], depth: number): Write => {
    const write = fieldsOf(type, sets, depth + 1)
    return (value, run) => (isObject(value) ? write(value, run) : run.fault(depth))
  }

  /** What is written of each type is compiled when the first object of it comes. */
  const abstract = (
    type: GraphQLInterfaceType | GraphQLUnionType,
    sets: readonly SelectionSetNode[],
    depth: number,
  ): Write => {
    const writers = new Map<unknown, Write>()
    const compiled = (name: unknown): Write | undefined => {
      if (name !== undefined && typeof name !== 'string') return undefined
      const found = name === undefined ? type : schema.getType(name)
      if (found !== type && !(hasFields(found) && schema.isSubType(type, found)))
        // As if there were no such object; and no fault, which would tell that there is one.
        return name !== undefined && strangers.has(name) ? () => undefined : undefined
      const writer = fieldsOf(found, sets, depth + 1)
      writers.set(name, writer)
      return writer
    }
    return (value, run) => {
      if (!isObject(value)) return run.fault(depth)
      const name = value.__typename ?? value[typeKey]
      const write = writers.get(name) ?? compiled(name)
      return write ? write(value, run) : run.fault(depth)
    }
  }

  const fieldsOf = (type: GraphQLCompositeType, sets: readonly SelectionSetNode[], depth: number): Write => {
    let isUndecided = false
    const applies = (condition: string) => {
      if (condition === type.name) return true
      const wider = schema.getType(condition)
      if (isAbstractType(wider) && !isUnionType(type) && schema.isSubType(wider, type)) return true
      isUndecided ||= isAbstractType(type)
      return false
    }
    const isGuarded = taken !== undefined && sets.some((set) => taken.touches(set))
    let separator = '{'
    const fields = [...collectFields(sets, applies, operation)].map(([name, nodes]): FieldWriter => {
      const before = `${separator}${JSON.stringify(restoreName(name))}:`
      separator = ','
      const isString = !isGuarded && isStringType(typeOf(type, nodes[0]!.name.value))
      return {
        name,
        before,
        write: notInherited(name, field(type, nodes, depth, isGuarded)),
        beforeString: isString ? `${before}"` : undefined,
      }
    })
    // What is asked of the object depends on its type, and nobody said which it is.
    if (isUndecided) return fault(depth - 1)
    if (fields.length === 0) return () => '{}'

    return (value, run) => {
      const object = value as Readonly<Record<string, unknown>>
      let text = ''
      for (const { name, before, beforeString, write } of fields) {
        const value = object[name]
        if (run.isPlain && beforeString !== undefined && typeof value === 'string') {
          text += `${beforeString}${value}"`
          continue
        }
        run.path[depth] = name
        const written = write(value, run)
        if (written === undefined) return undefined
        text += before + written
      }
      return `${text}}`
    }
  }

  const root = fieldsOf(schema.getRootType(operation.definition.operation)!, [operation.definition.selectionSet], 0)
  return (data, run) => root(data ?? {}, run)
}

const fault =
  (depth: number): Write =>
  (_, run) =>
    run.fault(depth)

/** A field may have the name of what every object inherits. */
const notInherited = (name: string, write: Write): Write => {
  if (!(name in Object.prototype)) return write
  const inherited: unknown = Object.prototype[name as keyof object]
  return (value, run) => write(value === inherited ? undefined : value, run)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && !Array.isArray(value)

const hasFields = (type: unknown): type is GraphQLObjectType | GraphQLInterfaceType =>
  isObjectType(type) || isInterfaceType(type)

const typeOf = (type: GraphQLCompositeType, field: string): GraphQLOutputType | undefined =>
  field === TypeNameMetaFieldDef.name
    ? TypeNameMetaFieldDef.type
    : hasFields(type)
      ? type.getFields()[field]?.type
      : undefined

/** Strings and ids, but `__typename`, which the schema says. */
const isStringType = (type: GraphQLOutputType | undefined): boolean => {
  const nullable = type === TypeNameMetaFieldDef.type ? undefined : getNullableType(type)
  return isScalarType(nullable) && (nullable.name === GraphQLString.name || nullable.name === GraphQLID.name)
}

const selectionSetsOf = (nodes: readonly FieldNode[]) => nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
