/** Which media type an answer has: proactive negotiation by the `Accept` header (RFC 9110, section 12.5.1). */

export type JsonType = 'application/json' | 'application/graphql-response+json'

export interface AcceptedJson {
  readonly type: JsonType
  /** Whether the client named the type itself; a wildcard or no header says nothing of what it can read. */
  readonly named: boolean
}

/** Streams of results, which graphql-yoga writes. */
const streamTypes = ['text/event-stream', 'multipart/mixed'] as const
const jsonTypes = ['application/json', 'application/graphql-response+json'] as const

/** What is answered to whoever asks for something else. */
export const offered = [...jsonTypes, ...streamTypes].join(', ')

const anything: AcceptedJson = { type: 'application/json', named: false }

/** The JSON type that the client prefers; undefined where it takes none. */
export function acceptedJson(accept: string | undefined): AcceptedJson | undefined {
  if (accept === undefined || accept === '' || accept === '*/*') return anything
  const ranges = rangesOf(accept)
  const [best] = jsonTypes
    .flatMap((type) => {
      const match = matchOf(ranges, type)
      return match && match.quality > 0 ? [{ type, ...match }] : []
    })
    .sort((a, b) => b.quality - a.quality || b.specificity - a.specificity || a.place - b.place)
  return best && { type: best.type, named: best.specificity === 2 }
}

/** Whether any answer of ours can be read by the client. */
export function acceptsAny(accept: string | undefined): boolean {
  if (acceptedJson(accept)) return true
  const ranges = rangesOf(accept ?? '')
  return streamTypes.some((type) => (matchOf(ranges, type)?.quality ?? 0) > 0)
}

interface Range {
  readonly name: string
  readonly quality: number
  readonly place: number
}

/** The ranges of the header. One of another charset than UTF-8, or with a weight that is none, is not there. */
function rangesOf(accept: string): readonly Range[] {
  return accept
    .toLowerCase()
    .split(',')
    .flatMap((part, place) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim())
      const of = (parameter: string) =>
        parameters
          .find((one) => one.startsWith(`${parameter}=`))
          ?.slice(parameter.length + 1)
          .replaceAll('"', '')
      const quality = Number(of('q') ?? 1)
      const isOurs = (of('charset') ?? 'utf-8') === 'utf-8' && quality >= 0 && quality <= 1
      return name !== '' && isOurs ? [{ name, quality, place }] : []
    })
}

/** What the most specific range says of a type. */
function matchOf(ranges: readonly Range[], type: string) {
  const names = ['*/*', `${type.split('/', 1)[0]}/*`, type]
  return ranges
    .map(({ name, ...range }) => ({ ...range, specificity: names.indexOf(name) }))
    .filter(({ specificity }) => specificity >= 0)
    .sort((a, b) => b.specificity - a.specificity || a.place - b.place)[0]
}
