/**
 * What a supergraph says with `@authenticated`, `@requiresScopes` and `@policy`, read strictly: what cannot be read
 * would be a rule that nobody enforces.
 */
import type { Directive, DirectiveDefinition, Schema } from '@apollo/federation-internals'
import type { AnyOf, Requirement, Requirements } from './requirement.ts'

/** The specifications, by the directive that each of them is about. */
const specs = ['authenticated', 'requiresScopes', 'policy'] as const
type Spec = (typeof specs)[number]

const supportedVersion = 'v0.1'

/** Where the specifications let the directives stand. */
const places = new Set(['ObjectType', 'InterfaceType', 'ScalarType', 'EnumType', 'FieldDefinition'])

const asksNothing: Requirement = { authenticated: false, scopes: [], policies: [] }

/** What each application asks. */
const readers: Readonly<Record<Spec, (application: Directive) => Requirement>> = {
  authenticated: () => ({ ...asksNothing, authenticated: true }),
  requiresScopes: (application) => ({ ...asksNothing, scopes: alternatives(application, 'scopes') }),
  policy: (application) => ({ ...asksNothing, policies: alternatives(application, 'policies') }),
}

/** Coordinate → what the directives on it ask. Throws an Error that names the coordinate and what is wrong. */
export function readDirectives(schema: Schema): ReadonlyMap<string, Requirements> {
  const found = new Map<string, Requirement[]>()
  for (const spec of specs) {
    for (const application of definitionOf(schema, spec)?.applications() ?? []) {
      const coordinate = placeOf(application)
      const { kind } = application.parent as unknown as { kind?: string }
      if (!kind || !places.has(kind))
        throw new Error(`${coordinate}: @${application.name} on ${kind ?? 'this'}: nothing enforces it there`)
      const before = found.get(coordinate) ?? []
      found.set(coordinate, [...before, readers[spec](application)])
    }
  }
  refuseJoined(schema)
  return found
}

/** The specification's directive, under the name that this supergraph gave it. */
function definitionOf(schema: Schema, spec: Spec): DirectiveDefinition | undefined {
  const feature = schema.coreFeatures?.getByIdentity(`https://specs.apollo.dev/${spec}`)
  if (feature) {
    const version = `v${feature.url.version}`.replace(/^vv/, 'v')
    if (version !== supportedVersion)
      throw new Error(`@link(url: "${feature.url}"): expected ${spec} ${supportedVersion}; got ${version}`)
    return schema.directive(feature.directiveNameInSchema(spec))
  }
  // Another specification's directive may have that name; one that is nobody's was meant as this one, and is not.
  const nobodys = schema.directive(spec)
  const [application] = nobodys?.applications() ?? []
  if (nobodys && application && !schema.coreFeatures?.sourceFeature(nobodys))
    throw new Error(
      `${placeOf(application)}: @${spec} is applied, and no @link says that it is https://specs.apollo.dev/${spec}/${supportedVersion}`,
    )
  return undefined
}

/** A composition may carry a directive that it does not know inside `@join__directive`. */
function refuseJoined(schema: Schema): void {
  for (const application of schema.directive('join__directive')?.applications() ?? []) {
    const { name } = application.arguments() as { name?: unknown }
    const meant = specs.find((spec) => String(name).replace(/^federation__/, '') === spec)
    if (meant)
      throw new Error(
        `${placeOf(application)}: @${meant} inside @join__directive is not enforced; compose with a newer tool`,
      )
  }
}

function alternatives(application: Directive, argument: string): AnyOf {
  const value = (application.arguments() as Record<string, unknown>)[argument]
  if (!isListOfLists(value))
    throw new Error(
      `${placeOf(application)}: @${application.name}(${argument}:): expected lists of names in a list; got ${JSON.stringify(value)}`,
    )
  return value
}

const isName = (value: unknown) => typeof value === 'string' && value.trim() !== ''

const isListOfLists = (value: unknown): value is string[][] =>
  Array.isArray(value) && value.every((names) => Array.isArray(names) && names.every(isName))

/** The coordinate of what a directive is applied to. */
function placeOf(application: Directive): string {
  const { coordinate, name } = application.parent as unknown as { coordinate?: string; name?: string }
  return coordinate ?? name ?? 'schema'
}
