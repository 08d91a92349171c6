import { INACCESSIBLE_VERSIONS, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { type Element, ownTypes, partsOf } from './hidden.ts'

/**
 * The supergraph with more of its elements `@inaccessible`: for whoever may not see them they are in no schema, though
 * plans may still fetch them as keys. Throws where what is left would not be a schema.
 */
export function supergraphFor(whole: Supergraph, hidden: ReadonlySet<string>): Supergraph {
  if (hidden.size === 0) return whole
  const schema = whole.schema.clone()
  const features = schema.coreFeatures!
  const linked = features.getByIdentity(INACCESSIBLE_VERSIONS.identity)
  if (!linked)
    features.coreDefinition.applyFeatureToSchema(schema, INACCESSIBLE_VERSIONS.latest(), undefined, 'SECURITY')
  const name = linked?.directiveNameInSchema('inaccessible') ?? 'inaccessible'
  const hide = (element: Element) => {
    if (hidden.has(element.coordinate) && !element.hasAppliedDirective(name)) element.applyDirective(name)
  }
  for (const type of ownTypes(schema)) {
    hide(type)
    for (const part of partsOf(type)) hide(part)
  }
  return new Supergraph(schema, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES)
}
