/** A Kubernetes object as it was written: only what every object has is known of it. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Labels> }
}

export type Labels = Record<string, string>

/** How messages name an object: `Deployment/fund`. */
export const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata?.name}`

/** The part of a Deployment that the policies look at. */
export interface Deployment extends KubernetesObject {
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec } }
}

export interface PodSpec {
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: { readonly type?: string } }
  readonly containers: readonly Container[]
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[]
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[]
  readonly env?: readonly EnvironmentVariable[]
  readonly securityContext?: {
    readonly readOnlyRootFilesystem?: boolean
    readonly allowPrivilegeEscalation?: boolean
    readonly capabilities?: { readonly drop?: readonly string[] }
  }
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels }
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly lifecycle?: { readonly preStop?: { readonly exec?: { readonly command?: readonly string[] } } }
}

interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port?: string | number }
}

export interface EnvironmentVariable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly configMapKeyRef?: { readonly name: string; readonly key: string }
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean }
  }
}

export interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Labels; readonly matchExpressions?: unknown }
    readonly policyTypes?: readonly string[]
    readonly ingress?: readonly {
      readonly from?: readonly { readonly podSelector?: { readonly matchLabels?: Labels } }[]
    }[]
  }
}

export const isDeployment = (object: KubernetesObject): object is Deployment => object.kind === 'Deployment'
export const isNetworkPolicy = (object: KubernetesObject): object is NetworkPolicy => object.kind === 'NetworkPolicy'

/** Whether a selector by labels takes these labels; an empty selector takes all. */
export const selects = (selector: Labels | undefined, labels: Labels): boolean =>
  Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value)
