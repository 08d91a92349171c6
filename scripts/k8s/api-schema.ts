/** Every object against the schema of the Kubernetes API (v1.27), unknown fields included. */
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { Namespace } from 'kubernetes-models/v1/Namespace'
import { Service } from 'kubernetes-models/v1/Service'
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount'
import { type KubernetesObject, nameOf } from './objects.ts'
import { unreadPaths, watchReads } from './watch-reads.ts'

interface Model {
  new (data: never): { validate(): void }
}

const MODELS: Readonly<Record<string, Model>> = {
  'apps/v1 Deployment': Deployment,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 ConfigMap': ConfigMap,
  'v1 Namespace': Namespace,
  'v1 Service': Service,
  'v1 ServiceAccount': ServiceAccount,
}

/** What is wrong with an object, in sentences; none when it fits. */
export function schemaFindings(object: KubernetesObject): string[] {
  const Model = MODELS[`${object.apiVersion} ${object.kind}`]
  if (!Model)
    return [
      `${nameOf(object)}: expected one of ${Object.keys(MODELS).join(', ')}, got ${object.apiVersion} ${object.kind}`,
    ]
  // The validators pass over fields that they do not know. Whatever none of them looked at is such a field.
  const { value, reads } = watchReads(object)
  const model = new Model({} as never)
  Object.assign(model, value)
  try {
    model.validate()
  } catch (error) {
    return [`${nameOf(object)}: ${(error as Error).message.replaceAll('\n', '; ')}`]
  }
  return unreadPaths(object, reads).map((path) => `${nameOf(object)}: the API knows no field ${path}`)
}
