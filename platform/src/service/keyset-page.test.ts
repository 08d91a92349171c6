import { describe, expect, it } from 'vitest'
import type { Connection } from './connection.ts'
import { cursorCodec } from './cursor.ts'
import { keysetPage, type PageQuestion, type Place } from './keyset-page.ts'

const cursors = cursorCodec('a secret that is at least thirty-two characters')
const letters = [...'abcdefg']
const firstKnownAt = '2024-01-16T18:00:00.000Z'
const laterKnownAt = '2024-01-17T09:00:00.000Z'

function ask(changes: Partial<PageQuestion<string>> = {}) {
  const places: Place[] = []
  const page = keysetPage(cursors, {
    tenant: 'alder',
    query: ['Query.letters'],
    first: 3,
    after: null,
    knownAt: firstKnownAt,
    read: async (place) => {
      places.push(place)
      return letters.filter((letter) => letter > (place.after ?? '')).slice(0, place.rows)
    },
    keyOf: (letter) => letter,
    ...changes,
  })
  return { page, places }
}

describe('keysetPage', () => {
  it('walks through every row once', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Connection<string> = await ask({ after }).page
      seen.push(...page.nodes)
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after)
    expect(seen).toEqual(letters)
  })

  it('shows on the next page what the first page knew', async () => {
    const { pageInfo } = await ask().page
    const next = ask({ after: pageInfo.endCursor, knownAt: laterKnownAt })
    const second = await next.page
    expect(next.places).toEqual([{ after: 'c', rows: 4, knownAt: firstKnownAt }])
    const third = ask({ after: second.pageInfo.endCursor, knownAt: laterKnownAt })
    await third.page
    expect(third.places[0]?.knownAt).toBe(firstKnownAt)
  })

  it('takes a cursor where the client repeats its knownAt, and refuses it where it names another', async () => {
    const { pageInfo } = await ask({ fixedKnownAt: firstKnownAt }).page
    const after = pageInfo.endCursor
    await expect(ask({ after, fixedKnownAt: firstKnownAt }).page).resolves.toMatchObject({ nodes: ['d', 'e', 'f'] })
    await expect(ask({ after, knownAt: laterKnownAt, fixedKnownAt: laterKnownAt }).page).rejects.toThrow('invalid')
  })

  it('reads nothing when the page is asked for wrongly', async () => {
    for (const wrong of [{ first: 0 }, { after: 'made-up' }]) {
      const { page, places } = ask(wrong)
      await expect(page).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
      expect(places).toEqual([])
    }
  })
})
