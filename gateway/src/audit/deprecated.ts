import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql'

/** Makes the look-up of the deprecated fields, arguments and enum values that a document uses, as coordinates. */
export function deprecatedUse(
  schemaOf: (view: string) => GraphQLSchema,
): (operation: { readonly view: string; readonly document: DocumentNode }) => readonly string[] {
  const known = new WeakMap<DocumentNode, readonly string[]>()

  return ({ view, document }) => {
    const before = known.get(document)
    if (before) return before
    const schema = schemaOf(view)
    const used = new Set<string>()
    const types = new TypeInfo(schema)
    visit(
      document,
      visitWithTypeInfo(types, {
        Field() {
          const field = types.getFieldDef()
          if (field?.deprecationReason != null) used.add(`${types.getParentType()?.name}.${field.name}`)
        },
        Argument() {
          const argument = types.getArgument()
          if (argument?.deprecationReason != null)
            used.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}(${argument.name}:)`)
        },
        EnumValue(node) {
          const value = types.getEnumValue()
          if (value?.deprecationReason != null) used.add(`${types.getInputType()}.${node.value}`.replace(/[![\]]/g, ''))
        },
      }),
    )
    const found = [...used].sort()
    known.set(document, found)
    return found
  }
}
