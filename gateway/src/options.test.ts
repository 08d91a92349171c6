import { describe, expect, it } from 'vitest'
import { withOptions } from './options.ts'

const settings = ['SUPERGRAPH', 'JWKS_URL']

describe('options of the command line', () => {
  it('stand over the settings of the environment', () => {
    expect(
      withOptions({ SUPERGRAPH: 'a', PORT: '1' }, ['--supergraph', 'b', '--jwks-url=http://c/?d=e'], settings),
    ).toEqual({
      SUPERGRAPH: 'b',
      PORT: '1',
      JWKS_URL: 'http://c/?d=e',
    })
  })
  it.each([
    [['--sueprgraph', 'b'], /--sueprgraph is no option; expected one of --supergraph, --jwks-url/],
    [['supergraph.graphql'], /supergraph\.graphql is no option/],
    [['--supergraph'], /--supergraph: expected a value; got none/],
    [['--supergraph', '--jwks-url', 'x'], /--supergraph: expected a value; got --jwks-url/],
  ])('%j are refused by name', (given, reason) => {
    expect(() => withOptions({}, given, settings)).toThrow(reason)
  })
})
