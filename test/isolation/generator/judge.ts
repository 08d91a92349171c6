/** Looks at an answer: whether everything in it is the asker's to read, as the grants alone say. */
import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import type { GraphQLSchema } from 'graphql'
import { isObjectType } from 'graphql'
import { idsIn, type Mark, valuesIn } from './marks.ts'
import type { CursorMemory } from './memory.ts'
import { type Generated, OWNER } from './operations.ts'
import { type Asker, heldShareClasses, type Sight, sight, type World } from './world.ts'

export interface Judged {
  readonly asker: Asker
  readonly channel: Channel
  readonly mayAnswer: boolean
  /** Everything that was sent: what it names may come back in a message. */
  readonly sent: string
  readonly operation: Generated | undefined
  readonly variables: Readonly<Record<string, unknown>>
  readonly text: string
  /** When it was asked, and when it was answered: what was open at either may be in it. */
  readonly moments: readonly Date[]
}

export interface Verdict {
  readonly violations: readonly string[]
  /** Marks that arrived and were the asker's to read: of values, and of ids that it had not sent. */
  readonly ownMarks: number
  /** The coordinates that had a value. */
  readonly answered: ReadonlySet<string>
}

export type Judge = (judged: Judged) => Verdict

export interface JudgeOptions {
  readonly world: World
  /** What the tenants' audience sees. */
  readonly view: GraphQLSchema
  readonly cursors: CursorMemory
}

/** What stands in objects of these types is told only to who holds the field set for anything at all. */
const setOfType: Readonly<Record<string, FieldSet>> = {
  NavConnection: 'NAV',
  NavEdge: 'NAV',
  NavPoint: 'NAV',
  Provenance: 'NAV',
  NavTick: 'NAV',
  NavSnapshot: 'NAV',
  NavUpdate: 'NAV',
  PeriodReturn: 'PERFORMANCE',
  RiskReport: 'RISK',
  Drawdown: 'RISK',
  ValueAtRiskEstimate: 'RISK',
}

/** Figures of a share class that are computed, and so carry no mark. */
const setOfFigure: Readonly<Record<string, FieldSet>> = {
  'ShareClass.nav': 'NAV',
  'ShareClass.returns': 'PERFORMANCE',
  'ShareClass.calendarYearReturns': 'PERFORMANCE',
  'ShareClass.risk': 'RISK',
}

export function judge({ world, view, cursors }: JudgeOptions): Judge {
  const fields = new Set(
    Object.values(view.getTypeMap()).flatMap((type) =>
      'getFields' in type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    ),
  )
  const pages = new Set(
    Object.values(view.getTypeMap())
      .filter((type) => isObjectType(type) && /(Connection|Edge|PageInfo)$/.test(type.name))
      .map(({ name }) => name),
  )

  return (judged) => {
    const { asker, channel, sent, operation, variables, text } = judged
    const seen = sight(world, asker, channel, judged.moments)
    const violations: string[] = []
    const values = valuesIn(text)
    if (!judged.mayAnswer) {
      if (values.length > 0 || dataIn(text).some(holdsSomething)) violations.push('is answered')
      return { violations, ownMarks: 0, answered: new Set() }
    }
    const foreign = values.find((mark) => !seen.mayHold(mark))
    if (foreign) violations.push(`reads ${told(foreign)}`)
    // One's own grants and positions name things that one may not see.
    const named = new Set([...idsIn(sent), ...namedBy(world, asker)].map(told))
    const learnt = idsIn(text).filter((mark) => !named.has(told(mark)))
    const foreignId = learnt.find((mark) => !seen.mayHold(mark))
    if (foreignId) violations.push(`learns of ${told(foreignId)}`)

    const answered = new Set<string>()
    if (operation) {
      const walk = walker({ operation, variables, seen, asker })
      for (const data of dataIn(text)) walk(data, '', answered, violations)
    }
    return { violations, ownMarks: foreign || foreignId ? 0 : values.length + learnt.length, answered }
  }

  /** Goes through an answer's data with the names that its aliases stand for. */
  function walker({
    operation,
    variables,
    seen,
    asker,
  }: {
    operation: Generated
    variables: Judged['variables']
    seen: Sight
    asker: Asker
  }) {
    const look = (coordinate: string, alias: string, item: unknown, owner: Mark | undefined): string | undefined => {
      if (!fields.has(coordinate)) return `is answered ${coordinate}, which its view does not have`
      const ofType = setOfType[coordinate.split('.', 1)[0]!]
      if (ofType && !seen.opensAny(ofType)) return `is answered ${coordinate} without any right to ${ofType}`
      const ofFigure = setOfFigure[coordinate]
      const isEmpty = Array.isArray(item) && item.length === 0
      if (ofFigure && owner && !isEmpty && !seen.opens(owner.number, ofFigure))
        return `gets ${coordinate} of share class ${owner.number}`
      const shown = coordinate === 'ShareClass.name' && owner ? valuesIn(String(item))[0] : undefined
      if (shown && shown.number !== owner?.number) return `gets the name of ${told(shown)} for that of ${told(owner!)}`
      const given = cursors.owner(variables[operation.cursors.get(alias) ?? ''])
      if (given !== undefined && given !== asker.tenant)
        return `goes on in ${coordinate} from a cursor of tenant ${given}`
      return undefined
    }
    const walk = (value: unknown, connection: string, answered: Set<string>, violations: string[]): void => {
      if (Array.isArray(value)) {
        for (const item of value) walk(item, connection, answered, violations)
      } else if (value !== null && typeof value === 'object') {
        const record = value as Record<string, unknown>
        const [owner] = typeof record[OWNER] === 'string' ? idsIn(record[OWNER]) : []
        for (const [alias, item] of Object.entries(record)) {
          const coordinate = operation.coordinates.get(alias)
          if (coordinate === undefined || item === null) continue
          answered.add(coordinate)
          const wrong = look(coordinate, alias, item, owner)
          if (wrong) violations.push(wrong)
          const isOfPage = pages.has(coordinate.split('.', 1)[0]!)
          if (isOfPage && typeof item === 'string' && /cursor$/i.test(coordinate))
            cursors.remember(item, connection, asker.tenant)
          walk(item, isOfPage ? connection : coordinate, answered, violations)
        }
      }
    }
    return walk
  }
}

const told = ({ kind, number, day }: Mark) => `${kind} ${number}${day === undefined ? '' : ` of day ${day}`}`

/** The ids that stand in a tenant's own records, whether it may see the thing behind them or not. */
function namedBy(world: World, asker: Asker): Mark[] {
  const own = world.grants.filter(({ tenant }) => tenant === asker.tenant)
  return [
    ...own.map(
      ({ resource }): Mark => ({ kind: resource.kind === 'FUND' ? 'fund' : 'class', number: resource.number }),
    ),
    ...heldShareClasses(world, asker.tenant).map((number): Mark => ({ kind: 'class', number })),
  ]
}

const holdsSomething = (data: unknown) =>
  data !== null && typeof data === 'object' && Object.values(data).some((value) => value !== null)

/** The data of each line of a reply: of a body, a frame, or a server-sent event. */
function dataIn(text: string): unknown[] {
  return text.split('\n').flatMap((line) => {
    const start = line.indexOf('{')
    if (start < 0 || !line.includes('"data"')) return []
    try {
      const parsed = JSON.parse(line.slice(start))
      return [(parsed.payload ?? parsed).data]
    } catch {
      return []
    }
  })
}
