import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { schemaFindings } from './api-schema.ts'
import { differences } from './compare.ts'
import { environmentFindings } from './environment.ts'
import { applyPatch, type PatchOperation } from './json-patch.ts'
import type { KubernetesObject } from './objects.ts'
import { policyFindings } from './policies.ts'
import { render } from './render.ts'

const base = render(fileURLToPath(new URL('../../k8s/base', import.meta.url)))

/** The base with one object changed. */
const withChange = (kind: string, name: string, change: (object: never) => void): KubernetesObject[] =>
  structuredClone(base).map((object) => {
    if (object.kind === kind && object.metadata.name === name) change(object as never)
    return object
  })

const patched = (kind: string, name: string, ...operations: PatchOperation[]) =>
  base.map((object) =>
    object.kind === kind && object.metadata.name === name ? applyPatch(object, operations) : object,
  )

describe('the base', () => {
  it('holds the gateway and the five subgraphs and breaks no rule', async () => {
    const deployments = base.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name)
    expect(deployments.sort()).toEqual(['entitlement', 'fund', 'gateway', 'marketplace', 'performance', 'risk'])
    expect([...base.flatMap(schemaFindings), ...policyFindings(base)]).toEqual([])
    expect(await environmentFindings(base)).toEqual([])
  })

  it('puts every object into its namespace, and the namespace into none', () => {
    const namespaces = base.map(({ kind, metadata }) => `${kind === 'Namespace'} ${metadata.namespace}`)
    expect(new Set(namespaces)).toEqual(new Set(['true undefined', 'false fundmesh']))
  })
})

describe('the API schema catches', () => {
  const container = '/spec/template/spec/containers/0'
  it.each<[string, string, PatchOperation, string]>([
    [
      'a value of a wrong type',
      'Deployment',
      { op: 'replace', path: '/spec/replicas', value: 'two' },
      'replicas must be integer',
    ],
    [
      'a required field that is missing',
      'Deployment',
      { op: 'replace', path: '/spec/selector', value: undefined },
      'selector',
    ],
    ['a misspelt field', 'Deployment', { op: 'add', path: `${container}/livenesProbe`, value: {} }, '.livenesProbe'],
    [
      'a field in the wrong place',
      'Service',
      { op: 'add', path: '/spec/replicas', value: 2 },
      'no field .spec.replicas',
    ],
    [
      'a field in a list',
      'Service',
      { op: 'add', path: '/spec/ports/0/portt', value: 1 },
      'no field .spec.ports[0].portt',
    ],
  ])('%s', (_, kind, operation, message) => {
    const findings = patched(kind, 'fund', operation).flatMap(schemaFindings)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toContain(`${kind}/fund`)
    expect(findings[0]).toContain(message)
  })

  it('an object of a kind that is not expected here', () => {
    const odd = { apiVersion: 'apps/v1beta1', kind: 'Deployment', metadata: { name: 'odd' } }
    expect(schemaFindings(odd)[0]).toContain('got apps/v1beta1 Deployment')
  })
})

describe('the policies catch', () => {
  const pod = '/spec/template/spec'
  const container = `${pod}/containers/0`
  const gone = undefined
  it.each<[string, string, string, unknown]>([
    ['root', 'user that is not root', `${pod}/securityContext/runAsNonRoot`, false],
    ['no seccomp profile', 'seccomp', `${pod}/securityContext/seccompProfile`, gone],
    ['a writable root', 'root file system', `${container}/securityContext/readOnlyRootFilesystem`, gone],
    ['privileges', 'privileges', `${container}/securityContext/allowPrivilegeEscalation`, true],
    ['capabilities', 'capabilities', `${container}/securityContext/capabilities`, { drop: ['NET_RAW'] }],
    ['no limit', 'limited in both', `${container}/resources/limits`, { cpu: '1' }],
    ['no readiness probe', 'readiness on /ready', `${container}/readinessProbe`, gone],
    ['a probe of another path', 'life on /health', `${container}/livenessProbe/httpGet/path`, '/'],
    ['too short a grace', 'time to drain', `${pod}/terminationGracePeriodSeconds`, 10],
    ['a token', 'without a token', `${pod}/automountServiceAccountToken`, true],
    ['an image without a version', 'image with a version', `${container}/image`, 'fundmesh/fund:latest'],
    ['another port', 'on its own port', `${container}/ports/0/containerPort`, 4999],
  ])('%s', (_, sentence, path, value) => {
    const findings = policyFindings(patched('Deployment', 'fund', { op: 'replace', path, value }))
    expect(findings).toEqual([expect.stringContaining(`Deployment/fund: expected that it`)])
    expect(findings[0]).toContain(sentence)
  })

  const anyone = [{ ports: [{ port: 4001 }] }]
  it.each<[string, unknown]>([
    ['anyone', anyone],
    ['a whole namespace', [{ from: [{ namespaceSelector: {} }] }]],
    ['every pod', [{ from: [{ podSelector: {} }] }]],
    [
      'the gateway of any namespace',
      [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'gateway' } }, namespaceSelector: {} }] }],
    ],
    ['another subgraph', [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'risk' } } }] }]],
  ])('a subgraph that is open to %s', (_, ingress) => {
    const findings = policyFindings(
      patched('NetworkPolicy', 'fund', { op: 'replace', path: '/spec/ingress', value: ingress }),
    )
    expect(findings).toEqual([
      'Deployment/fund: expected that it is reached by nobody but the gateway, if it is a subgraph',
    ])
  })

  it('a network without default deny, a service without a NetworkPolicy, a budget of nobody', () => {
    const without = (kind: string, name: string) => base.filter((o) => o.kind !== kind || o.metadata.name !== name)
    expect(policyFindings(without('NetworkPolicy', 'default-deny'))).toHaveLength(6)
    expect(policyFindings(without('NetworkPolicy', 'risk'))).toHaveLength(1)
    expect(policyFindings(without('PodDisruptionBudget', 'risk'))).toHaveLength(1)
  })

  it('a Secret in the repository', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cursor' } }
    expect(policyFindings([...base, secret])).toEqual(['Secret/cursor: no Secret may stand in the repository'])
  })
})

describe('the environments', () => {
  type Env = { spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } } }
  const envOf = (object: Env) => object.spec.template.spec.containers[0]!.env
  const findings = (objects: KubernetesObject[]) => environmentFindings(objects)

  it('miss a setting that the service requires', async () => {
    const broken = withChange('Deployment', 'fund', (object: Env) => {
      envOf(object).splice(
        envOf(object).findIndex(({ name }) => name === 'CURSOR_SECRET'),
        1,
      )
    })
    expect(await findings(broken)).toEqual([expect.stringMatching(/^Deployment\/fund: environment: CURSOR_SECRET/)])
  })

  it('hold a value that the service refuses', async () => {
    const broken = withChange('ConfigMap', 'logging', (object: { data: Record<string, string> }) => {
      object.data.LOG_LEVEL = 'loud'
    })
    expect(await findings(broken)).toHaveLength(6)
  })

  it('refer to a ConfigMap or a Secret that nobody knows', async () => {
    expect(await findings(base.filter(({ metadata }) => metadata.name !== 'identity'))).toContain(
      'Deployment/gateway: there is no ConfigMap identity',
    )
    const broken = withChange('Deployment', 'risk', (object: Env) => {
      envOf(object)[0] = {
        name: 'PASSPORT_PUBLIC_KEY',
        valueFrom: { secretKeyRef: { name: 'odd', key: 'jwk' } },
      } as never
    })
    expect((await findings(broken))[0]).toContain('PASSPORT_PUBLIC_KEY comes from odd/jwk')
  })

  it('send the gateway to the wrong place', async () => {
    const broken = withChange('Deployment', 'gateway', (object: Env) => {
      for (const variable of envOf(object))
        if (variable.name === 'SUBGRAPH_URL_RISK') variable.value = 'http://risk:1/graphql'
    })
    expect(await findings(broken)).toEqual([
      expect.stringContaining('expected SUBGRAPH_URL_RISK http://risk:4003/graphql'),
    ])
  })
})

it('a rendering that kustomize does not share is a difference', () => {
  const other = withChange('Service', 'fund', (object: { spec: { ports: { port: number }[] } }) => {
    object.spec.ports[0]!.port = 1
  })
  expect(differences(base, [...base].reverse())).toEqual([])
  expect(differences(base, other)).toEqual(['Service/fund: kustomize renders it differently'])
})
