/**
 * What a decision about rights costs in memory: 5,000 tenants, 8,800 share classes of 4,000 funds, against a plain scan of
 * the same grants: `npm run bench:grants`. Method and last figures: bench/README.md.
 */
import type { ActiveGrant, EntitlementGrants } from '@fundmesh/contracts/generated/events'
import { GrantsIndex } from '@fundmesh/platform/grants/grants-index'
import type { Reading } from '@fundmesh/platform/grants/reading'

const TENANTS = 5_000
const FUNDS = 4_000
const SHARE_CLASSES = 8_800
/** Grants of most tenants; each hundredth holds every fund. */
const GRANTS = 200
const CHECKS = 200_000
const LISTS = 300
const ROUNDS = 7

/** A small generator of Numerical Recipes: the same world in each run. */
let state = 20_260_101
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

const fundOf = (shareClass: number) => shareClass % FUNDS
const fundId = (n: number) => `amfi:fund-${String(n).padStart(6, '0')}`
const shareClassId = (n: number) => `amfi:class-${String(n).padStart(6, '0')}`
const tenantId = (n: number) => `tenant-${n}`

const terms = [
  { channels: null, fieldSets: null, regions: null, embargoDays: 0 },
  { channels: ['GRAPHQL', 'STREAM'], fieldSets: ['NAV', 'PERFORMANCE'], regions: null, embargoDays: 0 },
  { channels: null, fieldSets: null, regions: ['DE', 'AT', 'CH'], embargoDays: 30 },
] as const

function grantOf(tenant: number, place: number, ofFund: boolean, id: number): ActiveGrant {
  return {
    grantId: `grant-${tenant}-${place}`,
    resourceKind: ofFund ? 'FUND' : 'SHARE_CLASS',
    resourceId: ofFund ? fundId(id) : shareClassId(id),
    validFrom: '2020-01-01T00:00:00.000000Z',
    validTo: random(10) === 0 ? '2100-01-01T00:00:00.000000Z' : null,
    ...terms[random(terms.length)]!,
  }
}

function eventOf(tenant: number): EntitlementGrants {
  const grants =
    tenant % 100 === 0
      ? Array.from({ length: FUNDS }, (_, n) => grantOf(tenant, n, true, n))
      : Array.from({ length: GRANTS }, (_, n) => {
          const ofFund = random(4) > 0
          return grantOf(tenant, n, ofFund, random(ofFund ? FUNDS : SHARE_CLASSES))
        })
  return { tenantId: tenantId(tenant), epoch: 1, changedAt: '2026-01-01T00:00:00.000000Z', grants, principals: [] }
}

/** The peer: the same decision by going through the tenant's grants. */
function scan(event: EntitlementGrants, reading: Reading, shareClass: number, at: Date): boolean {
  const now = at.toISOString()
  return event.grants.some(
    (grant) =>
      grant.resourceId === (grant.resourceKind === 'FUND' ? fundId(fundOf(shareClass)) : shareClassId(shareClass)) &&
      grant.validFrom <= now &&
      (grant.validTo === null || now < grant.validTo) &&
      (grant.channels === null || grant.channels.includes(reading.channel)) &&
      (grant.regions === null || grant.regions.includes(reading.region ?? '')) &&
      (grant.fieldSets === null || reading.fieldSet === 'REFERENCE' || grant.fieldSets.includes(reading.fieldSet)),
  )
}

const used = () => {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const percentile = (values: readonly number[], p: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]!

/** Microseconds of processor time, of all threads of the process: what others run meanwhile does not count. */
function processor(work: () => void): number {
  const began = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(began)
  return user + system
}

/** Microseconds for one call, each round. */
function time(calls: number, work: (n: number) => unknown): readonly number[] {
  return Array.from({ length: ROUNDS }, () => {
    const round = processor(() => {
      for (let n = 0; n < calls; n += 1) work(n)
    })
    return round / calls
  })
}

const index = new GrantsIndex()
const before = used()
for (let n = 0; n < SHARE_CLASSES; n += 1) {
  index.putStructure({ shareClassId: shareClassId(n), fundId: fundId(fundOf(n)), sequence: 1 })
}
let held = 0
const loading = performance.now()
for (let tenant = 0; tenant < TENANTS; tenant += 1) {
  const event = eventOf(tenant)
  held += event.grants.length
  index.put(event)
}
const loaded = performance.now() - loading
const memory = used() - before

// A hundred tenants for the peer, one of them with everything: all of them as objects would not be the index's memory.
state = 7
const peers = Array.from({ length: 100 }, (_, n) => eventOf(n))
for (const event of peers) index.put({ ...event, epoch: 2 })

const at = new Date('2026-06-01T12:00:00Z')
const readings: readonly Reading[] = (['NAV', 'RISK', 'REFERENCE'] as const).map((fieldSet) => ({
  tenant: '',
  channel: 'GRAPHQL',
  region: 'DE',
  fieldSet,
}))
const questions = Array.from({ length: 10_000 }, () => {
  const tenant = random(peers.length)
  const shareClass = random(SHARE_CLASSES)
  const reading: Reading = { ...readings[random(readings.length)]!, tenant: tenantId(tenant) }
  return {
    event: peers[tenant]!,
    shareClass,
    reading,
    resource: { kind: 'SHARE_CLASS', id: shareClassId(shareClass) } as const,
  }
})
let open = 0
for (const { event, reading, resource, shareClass } of questions) {
  const [ours, theirs] = [index.mayRead(reading, resource, at), scan(event, reading, shareClass, at)]
  if (ours !== theirs) throw new Error(`expected both to say ${theirs} of ${reading.tenant} and ${resource.id}`)
  if (ours) open += 1
}

const ask = (n: number) => questions[n % questions.length]!
const checked = time(CHECKS, (n) => {
  const { reading, resource } = ask(n)
  return index.mayRead(reading, resource, at)
})
const scanned = time(CHECKS / 50, (n) => {
  const { event, reading, shareClass } = ask(n)
  return scan(event, reading, shareClass, at)
})
const everything: Reading = { ...readings[2]!, tenant: tenantId(0) }
const size = index.visible(everything, 'SHARE_CLASS', at).length
/** Made anew each time: a new epoch. */
const cold = Array.from({ length: LISTS }, (_, n) => {
  index.put({ ...peers[0]!, epoch: 3 + n })
  return processor(() => void index.visible(everything, 'SHARE_CLASS', at))
})
const warm = time(CHECKS, () => index.visible(everything, 'SHARE_CLASS', at))
const listScanned = time(3, () =>
  Array.from({ length: SHARE_CLASSES }, (_, n) => n).filter((n) => scan(peers[0]!, everything, n, at)),
)

const us = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0))
console.table({
  'check, index': { 'median µs': us(median(checked)), 'slowest round µs': us(Math.max(...checked)) },
  'check, scan': { 'median µs': us(median(scanned)), 'slowest round µs': us(Math.max(...scanned)) },
  [`list of ${size}, made`]: { 'median µs': us(median(cold)), 'p99 µs': us(percentile(cold, 0.99)) },
  [`list of ${size}, kept`]: { 'median µs': us(median(warm)), 'slowest round µs': us(Math.max(...warm)) },
  [`list of ${size}, scan`]: { 'median µs': us(median(listScanned)), 'slowest round µs': us(Math.max(...listScanned)) },
})
console.log(
  `${TENANTS} tenants, ${held} grants, ${SHARE_CLASSES} share classes: ${(memory / 2 ** 20).toFixed(0)} MiB, ` +
    `loaded in ${(loaded / 1_000).toFixed(1)} s; ${open} of ${questions.length} checks open, both agree`,
)
console.log(
  `check: scan / index = ${(median(scanned) / median(checked)).toFixed(0)}; list: ${(median(listScanned) / median(cold)).toFixed(0)}`,
)
