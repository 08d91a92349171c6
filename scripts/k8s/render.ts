/**
 * `kustomize build`, for the few fields that k8s/ uses: resources, namespace, and JSON patches by kind. Any other field
 * is refused, so that what is checked is what is deployed; compare.ts holds it against the real kustomize.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { applyPatch, type PatchOperation } from './json-patch.ts'
import type { KubernetesObject } from './objects.ts'

interface Kustomization {
  readonly namespace?: string
  readonly resources: readonly string[]
  readonly patches?: readonly { readonly path: string; readonly target: { readonly kind: string } }[]
}

const CLUSTER_SCOPED = new Set(['Namespace'])

export function render(folder: string): KubernetesObject[] {
  const kustomization = readKustomization(folder)
  const patches = (kustomization.patches ?? []).map(({ path, target }) => ({
    kind: target.kind,
    operations: parse(readFileSync(join(folder, path), 'utf8')) as PatchOperation[],
  }))
  return kustomization.resources
    .flatMap((file) => readObjects(join(folder, file)))
    .map((object) => inNamespace(object, kustomization.namespace))
    .map((object) =>
      patches
        .filter(({ kind }) => kind === object.kind)
        .reduce((patched, { operations }) => applyPatch(patched, operations), object),
    )
}

function readKustomization(folder: string): Kustomization {
  const file = join(folder, 'kustomization.yaml')
  const kustomization = parse(readFileSync(file, 'utf8'))
  onlyKeys(file, kustomization, ['apiVersion', 'kind', 'namespace', 'resources', 'patches'])
  for (const patch of kustomization.patches ?? []) {
    onlyKeys(`${file}: patches`, patch, ['path', 'target'])
    onlyKeys(`${file}: patches: target`, patch.target, ['kind'])
  }
  return kustomization
}

function onlyKeys(where: string, object: object, known: readonly string[]): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key))
  if (unknown) throw new Error(`${where}: this renderer knows ${known.join(', ')}, and not "${unknown}"`)
}

function readObjects(file: string): KubernetesObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
    if (document.errors[0]) throw new Error(`${file}: ${document.errors[0].message}`)
    const object = document.toJS()
    if (!object?.apiVersion || !object.kind || !object.metadata?.name) {
      throw new Error(`${file}: expected an object with apiVersion, kind and metadata.name`)
    }
    return object
  })
}

function inNamespace(object: KubernetesObject, namespace: string | undefined): KubernetesObject {
  if (!namespace || CLUSTER_SCOPED.has(object.kind)) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}
