/** One operation of RFC 6902, of the two kinds that our kustomization uses. */
export interface PatchOperation {
  readonly op: 'add' | 'replace'
  readonly path: string
  readonly value: unknown
}

/** A copy of a document with the operations applied, in their order. Throws where the document has no such place. */
export function applyPatch<Document>(document: Document, operations: readonly PatchOperation[]): Document {
  const copy = structuredClone(document)
  for (const operation of operations) apply(copy, operation)
  return copy
}

function apply(document: unknown, { op, path, value }: PatchOperation): void {
  if (op !== 'add' && op !== 'replace')
    throw new Error(`expected the operation add or replace, got ${JSON.stringify(op)}`)
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.pop()
  if (!path.startsWith('/') || last === undefined) throw new Error(`expected a path that begins with /, got "${path}"`)
  let parent = document
  for (const key of keys) parent = isContainer(parent) ? Reflect.get(parent, key) : undefined
  if (!isContainer(parent)) throw new Error(`expected something at the parent of ${path}, got nothing`)
  if (op === 'replace' && !Object.hasOwn(parent, last)) throw new Error(`expected something at ${path}, got nothing`)
  if (op === 'add' && Array.isArray(parent)) parent.splice(last === '-' ? parent.length : Number(last), 0, value)
  else Reflect.set(parent, last, structuredClone(value))
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null
