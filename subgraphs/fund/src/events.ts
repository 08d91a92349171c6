/** An event of `navUpdates` as the gateway hands it over for resolving: the scalars of its type, and which type. */
export interface NavEvent {
  readonly __typename: 'NavSnapshot' | 'NavUpdate'
  readonly shareClassId: string
  readonly sequence: number
  readonly navDate: string
  readonly navPrice: string
  readonly priceCurrency: string
  readonly priceNature: 'OFFICIAL' | 'INDICATIVE'
  readonly recordedAt: string
}
