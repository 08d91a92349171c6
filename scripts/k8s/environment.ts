/** The environment of each Deployment, as its service's own config.ts reads it. */
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Deployment, type EnvironmentVariable, isDeployment, type KubernetesObject, nameOf } from './objects.ts'
import { find } from './policies.ts'

type Environment = Record<string, string>

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const jwk = (key: typeof publicKey) => JSON.stringify(key.export({ format: 'jwk' }))

/** Secrets that have to exist in the namespace, by name and key, each with a value of the form that is expected. */
const SECRETS: Readonly<Record<string, string>> = {
  'passport-public/jwk': jwk(publicKey),
  'passport-private/jwk': jwk(privateKey),
  'cursor/secret': 'x'.repeat(32),
  'cache/url': 'rediss://cache.example:6379',
  'entitlement-ledger/url': 'postgres://entitlement@ledger.example:5432/entitlement',
}

/** Loads the parser of a service's settings, from the folder of its workspace. */
export type LoadParser = (workspace: string) => Promise<(env: NodeJS.ProcessEnv) => unknown>

const loadParser: LoadParser = async (workspace) => {
  const { parseConfig } = await import(new URL(`../../${workspace}/src/config.ts`, import.meta.url).href)
  return parseConfig
}

/** What is wrong with the environments: a reference to nothing, or settings that the service would refuse. */
export async function environmentFindings(all: readonly KubernetesObject[], load = loadParser): Promise<string[]> {
  const perDeployment = await Promise.all(
    all.filter(isDeployment).map((deployment) => findingsOf(deployment, all, load)),
  )
  return [...perDeployment.flat(), ...routingFindings(all)]
}

async function findingsOf(
  deployment: Deployment,
  all: readonly KubernetesObject[],
  load: LoadParser,
): Promise<string[]> {
  const { environment, findings } = resolve(deployment, all)
  const { name } = deployment.metadata
  const parseConfig = await load(name === 'gateway' ? name : `subgraphs/${name}`)
  try {
    const config = parseConfig(environment) as { PORT?: number }
    const port = deployment.spec.template.spec.containers[0]?.ports?.[0]?.containerPort
    if (config.PORT !== port) findings.push(`listens on ${config.PORT}, but its containerPort is ${port}`)
  } catch (error) {
    findings.push((error as Error).message)
  }
  if (environment.HOST !== '0.0.0.0') findings.push(`expected HOST 0.0.0.0, got ${environment.HOST ?? 'none'}`)
  return findings.map((finding) => `${nameOf(deployment)}: ${finding}`)
}

function resolve(deployment: Deployment, all: readonly KubernetesObject[]) {
  const findings: string[] = []
  const environment: Environment = {}
  const dataOf = (name: string): Environment => {
    const configMap = find(all, 'ConfigMap', name) as { data?: Environment } | undefined
    if (!configMap) findings.push(`there is no ConfigMap ${name}`)
    return configMap?.data ?? {}
  }
  const lookUp = ({ name, value, valueFrom }: EnvironmentVariable): string | undefined => {
    if (valueFrom?.configMapKeyRef) return dataOf(valueFrom.configMapKeyRef.name)[valueFrom.configMapKeyRef.key]
    if (!valueFrom?.secretKeyRef) return value
    const secret = `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`
    if (!SECRETS[secret]) findings.push(`${name} comes from ${secret}, which scripts/k8s/environment.ts does not know`)
    return SECRETS[secret]
  }
  for (const { env = [], envFrom = [] } of deployment.spec.template.spec.containers) {
    for (const { configMapRef } of envFrom) if (configMapRef) Object.assign(environment, dataOf(configMapRef.name))
    for (const variable of env) {
      const value = lookUp(variable)
      if (value === undefined) findings.push(`${variable.name} has no value`)
      else environment[variable.name] = value
    }
  }
  return { environment, findings }
}

/** The gateway has to know where each subgraph of the supergraph is. */
function routingFindings(all: readonly KubernetesObject[]): string[] {
  const { subgraphs } = parse(readFileSync(new URL('../../supergraph.yaml', import.meta.url), 'utf8'))
  const gateway = find(all, 'Deployment', 'gateway') as Deployment | undefined
  const env = gateway?.spec.template.spec.containers[0]?.env ?? []
  return Object.keys(subgraphs).flatMap((name) => {
    const service = find(all, 'Service', name) as { spec?: { ports?: { port: number }[] } } | undefined
    const expected = `http://${name}:${service?.spec?.ports?.[0]?.port}/graphql`
    const given = env.find((variable) => variable.name === `SUBGRAPH_URL_${name.toUpperCase()}`)?.value
    return given === expected
      ? []
      : [`Deployment/gateway: expected SUBGRAPH_URL_${name.toUpperCase()} ${expected}, got ${given}`]
  })
}
