/** Changes of grants, made by the operator's mutations, and in the world by which answers are judged. */
import type { Random } from '@fundmesh/platform/testing/random'
import { fundId, type Grant, randomGrant, shareClassId, tenantId, type World } from './world.ts'

/** Asks the graph as its operator; throws on errors. */
interface Operator {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the caller's own business
  administer(query: string, variables: object): Promise<any>
}

interface Receipt {
  readonly consistencyToken: string
  readonly grant?: { readonly id: string }
  readonly contract?: {
    readonly grants: readonly { readonly id: string; readonly line: { readonly number: number } }[]
  }
  readonly confirmations: readonly { readonly target: string; readonly confirmedAt: string | null }[]
}

const receipt = 'consistencyToken confirmations { target confirmedAt }'

/** Sends a change until every target has confirmed it. */
async function change(graph: Operator, mutation: string, variables: object): Promise<Receipt> {
  for (let turn = 0; turn < 10; turn++) {
    const { change } = (await graph.administer(mutation, variables)) as { change: Receipt }
    if (change.confirmations.every(({ confirmedAt }) => confirmedAt !== null)) return change
  }
  throw new Error(`${mutation}: expected a confirmation of each target`)
}

const resourceOf = ({ resource: { kind, number } }: Grant) => ({
  resourceKind: kind,
  resourceId: kind === 'FUND' ? fundId(number) : shareClassId(number),
})

const limitsOf = ({ channels, fieldSets, regions, embargoDays }: Grant) => ({
  channels,
  fieldSets,
  regions,
  embargoDays,
})

export async function recordGrant(graph: Operator, grant: Grant): Promise<string> {
  const { grant: recorded, consistencyToken } = await change(
    graph,
    `mutation ($input: GrantInput!) { change: grant(input: $input) { grant { id } ${receipt} } }`,
    {
      input: {
        tenantId: tenantId(grant.tenant),
        ...resourceOf(grant),
        ...limitsOf(grant),
        validFrom: grant.validFrom.toISOString(),
        validTo: grant.validTo?.toISOString() ?? null,
        idempotencyKey: grant.id,
      },
    },
  )
  grant.id = recorded!.id
  return consistencyToken
}

async function recordContract(graph: Operator, id: string, lines: readonly Grant[]): Promise<string> {
  const { contract, consistencyToken } = await change(
    graph,
    `mutation ($input: ContractInput!) { change: recordContract(input: $input) {
      contract { grants { id line { number } } } ${receipt} } }`,
    {
      input: {
        id,
        tenantId: tenantId(lines[0]!.tenant),
        startDate: lines[0]!.validFrom.toISOString().slice(0, 10),
        lines: lines.map((line) => ({ ...resourceOf(line), ...limitsOf(line) })),
      },
    },
  )
  for (const { id: grantId, line } of contract!.grants) lines[line.number - 1]!.id = grantId
  return consistencyToken
}

/** A change that is in force as far as its receipt says. */
export interface Changed {
  readonly tenant: number
  readonly said: string
  readonly consistencyToken: string
}

type Change = (graph: Operator, world: World, chance: Random) => Promise<Changed | undefined>

/** What may happen to a tenant's rights; nothing, where there is nothing that it could happen to. */
export const changes: readonly Change[] = [
  async function grantAnew(graph, world, chance) {
    const grant = { ...aGrant(world, chance), validFrom: new Date(Date.now() - 86_400_000), validTo: null }
    const consistencyToken = await recordGrant(graph, grant)
    world.grants.push(grant)
    return { tenant: grant.tenant, said: `granted ${grant.id}`, consistencyToken }
  },
  async function revoke(graph, world, chance) {
    return end(graph, world, chance, 'revoke', 'IN_FORCE', 'ENDED')
  },
  async function suspend(graph, world, chance) {
    return end(graph, world, chance, 'suspendGrant', 'IN_FORCE', 'SUSPENDED')
  },
  async function resume(graph, world, chance) {
    return end(graph, world, chance, 'resumeGrant', 'SUSPENDED', 'IN_FORCE')
  },
  async function contract(graph, world, chance) {
    const id = `contract-${world.grants.length}`
    const validFrom = new Date(Math.floor(Date.now() / 86_400_000 - 5) * 86_400_000)
    const first = aGrant(world, chance)
    const lines = [first, { ...aGrant(world, chance), tenant: first.tenant }].map(
      (line): Grant => ({ ...line, validFrom, validTo: null, contract: id }),
    )
    const consistencyToken = await recordContract(graph, id, lines)
    world.grants.push(...lines)
    return { tenant: first.tenant, said: `recorded ${id}`, consistencyToken }
  },
  async function terminate(graph, world, chance) {
    const contracts = [
      ...new Set(world.grants.flatMap(({ contract, state }) => (contract && state !== 'ENDED' ? [contract] : []))),
    ]
    if (contracts.length === 0) return undefined
    const id = chance.pick(contracts)
    const { consistencyToken } = await change(
      graph,
      `mutation ($id: ID!) { change: terminateContract(contractId: $id, reason: "churn") { ${receipt} } }`,
      { id },
    )
    const lines = world.grants.filter(({ contract }) => contract === id)
    for (const line of lines) line.state = 'ENDED'
    return { tenant: lines[0]!.tenant, said: `terminated ${id}`, consistencyToken }
  },
]

const aGrant = (world: World, chance: Random): Grant =>
  // The last tenant never holds anything.
  randomGrant(world, chance, chance.below(world.tenants - 1), world.grants.length, new Date())

async function end(
  graph: Operator,
  world: World,
  chance: Random,
  mutation: string,
  from: Grant['state'],
  to: Grant['state'],
): Promise<Changed | undefined> {
  const candidates = world.grants.filter(({ state }) => state === from)
  if (candidates.length === 0) return undefined
  const grant = chance.pick(candidates)
  const { consistencyToken } = await change(
    graph,
    `mutation ($id: ID!) { change: ${mutation}(grantId: $id, reason: "churn") { ${receipt} } }`,
    { id: grant.id },
  )
  grant.state = to
  return { tenant: grant.tenant, said: `${mutation} ${grant.id}`, consistencyToken }
}
