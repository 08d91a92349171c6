/** An event of the NAV stream as one line of a terminal. */

/** What the watch command asks of each event. */
export interface NavEvent {
  readonly __typename: string
  readonly shareClassId: string
  readonly sequence: number
  readonly navDate: string
  readonly navPrice: string
  readonly priceCurrency: string
  readonly shareClass: { readonly name: string } | null
}

export const NAV_EVENTS = /* GraphQL */ `
  subscription Watch($shareClassIds: [ID!]) {
    navUpdates(shareClassIds: $shareClassIds) {
      __typename
      ... on NavTick {
        shareClassId
        sequence
        navDate
        navPrice
        priceCurrency
        shareClass {
          name
        }
      }
    }
  }
`

/** Makes lines whose columns stay aligned: a column grows with the longest text that it has shown. */
export function eventLines(): (event: NavEvent, now: Date) => string {
  let idWidth = 12
  let nameWidth = 12
  return (event, now) => {
    const name = event.shareClass?.name ?? '(no longer yours)'
    idWidth = Math.max(idWidth, event.shareClassId.length)
    nameWidth = Math.max(nameWidth, name.length)
    return [
      now.toTimeString().slice(0, 8),
      event.shareClassId.padEnd(idWidth),
      name.padEnd(nameWidth),
      event.navDate,
      `${alignedAtPoint(event.navPrice)} ${event.priceCurrency}`,
      `#${event.sequence}`.padStart(7),
      event.__typename === 'NavSnapshot' ? 'snapshot' : 'update',
    ].join('  ')
  }
}

/** Pads a decimal so that points stand under points: five digits before, five behind. */
function alignedAtPoint(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.')
  return whole.padStart(5) + (fraction === undefined ? '' : `.${fraction}`).padEnd(6)
}
