/** What we ask of every Deployment beyond the API's schema, one sentence each. */
import {
  type Deployment,
  isDeployment,
  isNetworkPolicy,
  type KubernetesObject,
  type Labels,
  type NetworkPolicy,
  nameOf,
  selects,
} from './objects.ts'

interface Policy {
  readonly sentence: string
  readonly holds: (deployment: Deployment, all: readonly KubernetesObject[]) => boolean
}

/** Seconds that platform/service/run gives a service to drain. */
const DRAIN_SECONDS = 20

const pod = (deployment: Deployment) => deployment.spec.template.spec
const labels = (deployment: Deployment): Labels => deployment.spec.template.metadata.labels
const everyContainer = (
  deployment: Deployment,
  holds: (container: Deployment['spec']['template']['spec']['containers'][0]) => boolean,
) => pod(deployment).containers.length > 0 && pod(deployment).containers.every(holds)

const POLICIES: readonly Policy[] = [
  {
    sentence: 'runs as a user that is not root',
    holds: (deployment) => pod(deployment).securityContext?.runAsNonRoot === true,
  },
  {
    sentence: 'has the seccomp profile RuntimeDefault',
    holds: (deployment) => pod(deployment).securityContext?.seccompProfile?.type === 'RuntimeDefault',
  },
  {
    sentence: 'has a root file system that cannot be written',
    holds: (deployment) =>
      everyContainer(deployment, ({ securityContext }) => securityContext?.readOnlyRootFilesystem === true),
  },
  {
    sentence: 'cannot gain privileges',
    holds: (deployment) =>
      everyContainer(deployment, ({ securityContext }) => securityContext?.allowPrivilegeEscalation === false),
  },
  {
    sentence: 'drops all capabilities',
    holds: (deployment) =>
      everyContainer(
        deployment,
        ({ securityContext }) => securityContext?.capabilities?.drop?.includes('ALL') === true,
      ),
  },
  {
    sentence: 'asks for cpu and memory and is limited in both',
    holds: (deployment) =>
      everyContainer(deployment, ({ resources }) =>
        [resources?.requests, resources?.limits].every((amounts) => amounts?.cpu && amounts.memory),
      ),
  },
  {
    sentence: 'is probed for life on /health and for readiness on /ready',
    holds: (deployment) =>
      everyContainer(
        deployment,
        ({ livenessProbe, readinessProbe }) =>
          livenessProbe?.httpGet?.path === '/health' &&
          livenessProbe.httpGet.port === 'http' &&
          readinessProbe?.httpGet?.path === '/ready' &&
          readinessProbe.httpGet.port === 'http',
      ),
  },
  {
    sentence: 'has time to drain: the seconds of its preStop sleep and 20 more',
    holds: (deployment) =>
      everyContainer(deployment, ({ lifecycle }) => {
        const [command, seconds] = lifecycle?.preStop?.exec?.command ?? []
        const grace = pod(deployment).terminationGracePeriodSeconds ?? 0
        return command === 'sleep' && Number(seconds) > 0 && grace >= Number(seconds) + DRAIN_SECONDS
      }),
  },
  {
    sentence: 'has a service account of its own, without a token',
    holds: (deployment, all) => {
      const account = find(all, 'ServiceAccount', deployment.metadata.name) as
        | { automountServiceAccountToken?: boolean }
        | undefined
      return (
        pod(deployment).serviceAccountName === deployment.metadata.name &&
        pod(deployment).automountServiceAccountToken === false &&
        account?.automountServiceAccountToken === false
      )
    },
  },
  {
    sentence: 'runs an image with a version',
    holds: (deployment) => everyContainer(deployment, ({ image }) => /:\d+\.\d+\.\d+$/.test(image)),
  },
  {
    sentence: 'is reached through a Service of its name, on its own port',
    holds: (deployment, all) => {
      const service = find(all, 'Service', deployment.metadata.name) as
        | { spec: { selector?: Labels; ports?: { port: number; targetPort?: string | number }[] } }
        | undefined
      const port = pod(deployment).containers[0]?.ports?.find(({ name }) => name === 'http')?.containerPort
      const served = service?.spec.ports?.[0]
      return (
        served?.port === port && served?.targetPort === 'http' && selects(service?.spec.selector, labels(deployment))
      )
    },
  },
  {
    sentence: 'is kept by a PodDisruptionBudget',
    holds: (deployment, all) =>
      all.some((object) => {
        if (object.kind !== 'PodDisruptionBudget') return false
        const { selector } = (object as unknown as { spec: { selector?: { matchLabels?: Labels } } }).spec
        return selector?.matchLabels !== undefined && selects(selector.matchLabels, labels(deployment))
      }),
  },
  {
    sentence: 'may be reached and may reach out only as a NetworkPolicy of its own says',
    holds: (deployment, all) =>
      policiesOf(deployment, all).some(({ spec }) => spec.podSelector.matchLabels && bothWays(spec.policyTypes)) &&
      all.some(isDefaultDeny),
  },
  {
    sentence: 'is reached by nobody but the gateway, if it is a subgraph',
    holds: (deployment, all) =>
      labels(deployment)['app.kubernetes.io/component'] !== 'subgraph' ||
      policiesOf(deployment, all)
        .flatMap(({ spec }) => spec.ingress ?? [])
        .every(({ from }) => from && from.length > 0 && from.every(isGatewayAlone)),
  },
]

/** The sentences that a Deployment breaks. */
export function policyFindings(all: readonly KubernetesObject[]): string[] {
  const broken = all
    .filter(isDeployment)
    .flatMap((deployment) =>
      POLICIES.filter(({ holds }) => !holds(deployment, all)).map(
        ({ sentence }) => `${nameOf(deployment)}: expected that it ${sentence}`,
      ),
    )
  // Secrets are made where they are used; one in the repository is one that leaked.
  const secrets = all
    .filter(({ kind }) => kind === 'Secret')
    .map((secret) => `${nameOf(secret)}: no Secret may stand in the repository`)
  return [...broken, ...secrets]
}

export function find(all: readonly KubernetesObject[], kind: string, name: string): KubernetesObject | undefined {
  return all.find((object) => object.kind === kind && object.metadata.name === name)
}

function policiesOf(deployment: Deployment, all: readonly KubernetesObject[]): NetworkPolicy[] {
  return all.filter(isNetworkPolicy).filter(({ spec }) => selects(spec.podSelector.matchLabels, labels(deployment)))
}

const bothWays = (types: readonly string[] | undefined) =>
  types?.includes('Ingress') === true && types.includes('Egress')

function isDefaultDeny(object: KubernetesObject): boolean {
  if (!isNetworkPolicy(object)) return false
  const { podSelector, policyTypes, ...rules } = object.spec
  return Object.keys(podSelector).length === 0 && bothWays(policyTypes) && Object.keys(rules).length === 0
}

function isGatewayAlone(peer: object): boolean {
  const { podSelector, ...others } = peer as { podSelector?: { matchLabels?: Labels } }
  return podSelector?.matchLabels?.['app.kubernetes.io/name'] === 'gateway' && Object.keys(others).length === 0
}
