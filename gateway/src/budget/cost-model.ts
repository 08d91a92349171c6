/**
 * What the teams say of cost in their SDLs, with `@cost` and `@listSize` of the federation (the IBM cost specification,
 * as Apollo's router reads it):
 *
 *   weight      of a field: its `@cost`, else its type's `@cost`, else 1 for an object and 0 for a leaf
 *   arguments   an argument's `@cost`, and 1 for each input object; their fields likewise
 *   list size   `slicingArguments` (the largest that is given), else `assumedSize`, else `defaultListSize`; where
 *               `sizedFields` are named it is the size of these, and not of the field itself
 */
import type { Supergraph } from '@apollo/federation-internals'
import {
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  valueFromASTUntyped,
} from 'graphql'

/** `@listSize` as it was applied, with the specification's defaults. */
export interface ListSize {
  readonly assumedSize: number | undefined
  readonly slicingArguments: readonly string[]
  readonly sizedFields: readonly string[]
  readonly requireOneSlicingArgument: boolean
}

export interface CostModel {
  /** The whole graph: names in an operation are looked up here. */
  readonly schema: GraphQLSchema
  weightOf(field: GraphQLField<unknown, unknown>, type: GraphQLNamedType): number
  listSizeOf(field: GraphQLField<unknown, unknown>): ListSize | undefined
  /** What a field's arguments cost, by their values. */
  argumentsCost(field: GraphQLField<unknown, unknown>, values: Readonly<Record<string, unknown>>): number
}

/** Items of a list of which nothing is said. */
export const defaultListSize = 10
const costSpecification = 'https://specs.apollo.dev/cost'

type Annotated = { readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined }

export function costModel(supergraph: Supergraph, schema: GraphQLSchema): CostModel {
  const feature = supergraph.schema.coreFeatures?.getByIdentity(costSpecification)
  const nameOf = (name: string) => feature?.directiveNameInSchema(name) ?? name
  const applied = (name: string, { astNode }: Annotated): Readonly<Record<string, unknown>> | undefined => {
    const directive = astNode?.directives?.find((one) => one.name.value === name)
    return (
      directive &&
      Object.fromEntries(directive.arguments!.map((one) => [one.name.value, valueFromASTUntyped(one.value)]))
    )
  }
  const costName = nameOf('cost')
  const listSizeName = nameOf('listSize')
  const weight = (annotated: Annotated) => applied(costName, annotated)?.weight as number | undefined
  const weights = new WeakMap<object, number>()
  const listSizes = new WeakMap<object, ListSize | undefined>()

  const inputCost = (input: GraphQLArgument | GraphQLInputField, type: GraphQLInputType, value: unknown): number => {
    if (value === undefined || value === null) return 0
    if (isNonNullType(type)) return inputCost(input, type.ofType, value)
    if (isListType(type)) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value]
      return items.reduce<number>((sum, item) => sum + inputCost(input, type.ofType, item), 0)
    }
    if (!isInputObjectType(type)) return weight(input) ?? weight(type) ?? 0
    const fields = Object.values(type.getFields())
    const given = value as Readonly<Record<string, unknown>>
    return fields.reduce((sum, field) => sum + inputCost(field, field.type, given[field.name]), weight(input) ?? 1)
  }

  return {
    schema,
    weightOf(field, type) {
      let known = weights.get(field)
      if (known === undefined) {
        known = weight(field) ?? weight(type) ?? (isCompositeType(type) ? 1 : 0)
        weights.set(field, known)
      }
      return known
    },
    listSizeOf(field) {
      if (listSizes.has(field)) return listSizes.get(field)
      const said = applied(listSizeName, field)
      const listSize = said && {
        assumedSize: said.assumedSize as number | undefined,
        slicingArguments: (said.slicingArguments as string[] | undefined) ?? [],
        sizedFields: (said.sizedFields as string[] | undefined) ?? [],
        requireOneSlicingArgument: said.requireOneSlicingArgument !== false,
      }
      listSizes.set(field, listSize)
      return listSize
    },
    argumentsCost: (field, values) =>
      field.args.reduce((sum, argument) => sum + inputCost(argument, argument.type, values[argument.name]), 0),
  }
}
