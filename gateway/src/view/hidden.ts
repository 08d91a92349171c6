/**
 * Which elements of the supergraph an audience does not see: those that its tags take out, and those that make no sense
 * without them, until nothing changes any more. The rules are those of Apollo's contracts, with unreachable types gone:
 *
 *   a type whose every field, value or member is hidden     is hidden
 *   a field of a hidden type, an argument of one            is hidden
 *   a type that no root field leads to                      is hidden
 *
 * What would leave the rest inconsistent (a required argument, a field that a seen interface promises, a value that is a
 * default) is not repaired here: `@inaccessible` has rules for it, by which the view is then refused (supergraph-for.ts).
 */
import {
  type ArgumentDefinition,
  baseType,
  type DirectiveDefinition,
  type EnumValue,
  type FieldDefinition,
  type InputFieldDefinition,
  type InterfaceType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type NamedType,
  type ObjectType,
  type Schema,
} from '@apollo/federation-internals'
import type { TagRules } from './audiences.ts'

type Field = FieldDefinition<ObjectType | InterfaceType>
/** What can be hidden by itself. */
export type Element = NamedType | Field | InputFieldDefinition | EnumValue | ArgumentDefinition<Field>

/** The types of a supergraph that are its own: not built in, and not federation's machinery. */
export const ownTypes = (schema: Schema): readonly NamedType[] =>
  schema.types().filter((type) => !isMachinery(schema, type))

const isMachinery = ({ coreFeatures }: Schema, element: NamedType | DirectiveDefinition) =>
  [...(coreFeatures?.allFeatures() ?? [])].some((feature) => feature.isFeatureDefinition(element))

/** The parts of a type, each behind what it belongs to. */
export function* partsOf(type: NamedType): Generator<Exclude<Element, NamedType>> {
  if (isEnumType(type)) yield* type.values
  else if (isInputObjectType(type)) yield* type.fields()
  else if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of type.fields()) {
      yield field
      yield* field.arguments()
    }
  }
}

/** The coordinates (`Type`, `Type.field`, `Type.field(argument:)`) that the rules hide; none below a hidden one. */
export function hiddenElements(schema: Schema, rules: TagRules): ReadonlySet<string> {
  if (!rules.include && rules.exclude.length === 0) return new Set()
  const types = ownTypes(schema)
  const hidden = new Set<Element>()
  hideByTag(schema, types, rules, hidden)

  for (let before = -1; before !== hidden.size; ) {
    before = hidden.size
    for (const type of types) hideWithoutSense(type, hidden)
    const reachable = reachableTypes(schema, hidden)
    for (const type of types) if (!reachable.has(type)) hidden.add(type)
  }

  const isBelowHidden = (element: Element) => {
    const parent = 'parent' in element ? element.parent : undefined
    return hidden.has(parent as Element) || hidden.has((parent as { parent?: Element } | undefined)?.parent as Element)
  }
  return new Set([...hidden].filter((element) => !isBelowHidden(element)).map(({ coordinate }) => coordinate))
}

function hideByTag(schema: Schema, types: readonly NamedType[], rules: TagRules, hidden: Set<Element>): void {
  const known = new Set<string>()
  const nameOf = directiveNames(schema)
  const tagsOf = (element: Element): readonly string[] => {
    const tags = element.appliedDirectivesOf(nameOf.tag).map((tag) => (tag.arguments() as { name: string }).name)
    for (const tag of tags) known.add(tag)
    return tags
  }
  for (const type of types) {
    const ofType = tagsOf(type)
    const isHidden = (element: Element, tags: readonly string[]) =>
      element.hasAppliedDirective(nameOf.inaccessible) || tags.some((tag) => rules.exclude.includes(tag))
    if (isHidden(type, ofType)) hidden.add(type)
    for (const part of partsOf(type)) {
      const tags = tagsOf(part)
      const isField = part.kind === 'FieldDefinition'
      const included = !rules.include || !isField || [...ofType, ...tags].some((tag) => rules.include!.includes(tag))
      if (!included || isHidden(part, tags)) hidden.add(part)
    }
  }
  for (const tag of [...(rules.include ?? []), ...rules.exclude]) {
    if (!known.has(tag)) throw new Error(`expected a tag of the graph; nothing in it is tagged ${JSON.stringify(tag)}`)
  }
}

/** Under which names the graph uses the two directives: a supergraph may rename what it links. */
function directiveNames({ coreFeatures }: Schema) {
  const nameOf = (name: string) =>
    coreFeatures?.getByIdentity(`https://specs.apollo.dev/${name}`)?.directiveNameInSchema(name) ?? name
  return { tag: nameOf('tag'), inaccessible: nameOf('inaccessible') }
}

function hideWithoutSense(type: NamedType, hidden: Set<Element>): void {
  const isSeen = (element: Element) => !hidden.has(element)
  for (const part of partsOf(type)) {
    if (part.kind !== 'EnumValue' && hidden.has(baseType(part.type!))) hidden.add(part)
  }
  const isEmpty =
    isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
      ? !(type.fields() as Element[]).some(isSeen)
      : isEnumType(type)
        ? !type.values.some(isSeen)
        : isUnionType(type) && !type.types().some(isSeen)
  if (isEmpty) hidden.add(type)
}

/** The types that something seen leads to. An interface that is only implemented does not lead to its other objects. */
function reachableTypes(schema: Schema, hidden: ReadonlySet<Element>): ReadonlySet<NamedType> {
  const reached = new Set<NamedType>()
  const opened = new Set<NamedType>()

  const reachFields = (fields: readonly Field[]) => {
    for (const field of fields) {
      if (hidden.has(field)) continue
      reach(baseType(field.type!))
      for (const argument of field.arguments()) if (!hidden.has(argument)) reach(baseType(argument.type!))
    }
  }
  const implement = (type: NamedType) => {
    if (hidden.has(type) || reached.has(type)) return
    reached.add(type)
    if (!isObjectType(type) && !isInterfaceType(type)) return
    reachFields(type.fields() as Field[])
    for (const { interface: implemented } of type.interfaceImplementations()) implement(implemented)
  }
  const reach = (type: NamedType) => {
    if (hidden.has(type) || opened.has(type)) return
    opened.add(type)
    implement(type)
    if (isInputObjectType(type)) {
      for (const field of type.fields()) if (!hidden.has(field)) reach(baseType(field.type!))
    } else if (isInterfaceType(type)) {
      for (const implementation of type.allImplementations()) reach(implementation)
    } else if (isUnionType(type)) {
      for (const member of type.types()) reach(member)
    }
  }

  for (const { type } of schema.schemaDefinition.roots()) reach(type)
  for (const directive of schema.directives()) {
    if (isMachinery(schema, directive)) continue
    for (const argument of directive.arguments()) reach(baseType(argument.type!))
  }
  return reached
}
