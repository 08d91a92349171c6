import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NoReply } from '../exchange.ts'
import { chunked, response } from '../testing.ts'
import { type Read, ResponseReader, Unusual } from './response-reader.ts'

/** Reads pieces, for so many questions, and says what came of them. */
function readAll(pieces: readonly Buffer[], questions = Number.POSITIVE_INFINITY) {
  const taken: { read: Read; last: boolean }[] = []
  let unusual: string | undefined
  const reader = new ResponseReader({
    expects: () => taken.length < questions,
    take: (read, last) => taken.push({ read, last }),
  })
  // The bytes are the reader's only until it returns: they are overwritten here as a connection does.
  const buffer = Buffer.alloc(100_000)
  try {
    for (const piece of pieces) {
      piece.copy(buffer)
      reader.read(buffer.subarray(0, piece.length))
      buffer.fill('X', 0, piece.length)
    }
  } catch (error) {
    if (!(error instanceof Unusual)) throw error
    unusual = error.message
  }
  return {
    texts: taken.map(({ read }) => (read instanceof NoReply ? read.kind : `${read.status} ${read.text}`)),
    last: taken.at(-1)?.last,
    unusual,
  }
}

const read = (text: string, questions?: number) => readAll([Buffer.from(text)], questions)

function cut(bytes: Buffer, points: readonly number[]): Buffer[] {
  const sorted = [...new Set(points.map((point) => point % bytes.length))].sort((a, b) => a - b)
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end))
}

const json = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()).map((data) => JSON.stringify({ data }))
const aResponse = fc.oneof(
  json.map((text) => ({ text, bytes: response(text) })),
  fc.tuple(json, fc.array(fc.nat({ max: 400 }), { maxLength: 5 })).map(([text, points]) => {
    // Chunks end anywhere, also within a character.
    const chunks = cut(Buffer.from(text), points).filter(({ length }) => length > 0)
    const size = ({ length }: Buffer) => Buffer.from(`${length.toString(16)}\r\n`)
    const end = Buffer.from('\r\n')
    const body = Buffer.concat(chunks.flatMap((chunk) => [size(chunk), chunk, end]))
    const head = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    return { text, bytes: Buffer.concat([head, body, Buffer.from('0\r\n\r\n')]) }
  }),
)

describe('the responses on a connection', () => {
  it('are the same wherever their bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(aResponse, { minLength: 1, maxLength: 4 }), fc.array(fc.nat()), (responses, points) => {
        const bytes = Buffer.concat(responses.map((one) => Buffer.from(one.bytes as string)))
        const { texts, unusual, last } = readAll(cut(bytes, points))
        expect(texts).toEqual(responses.map(({ text }) => `200 ${text}`))
        expect({ unusual, last }).toEqual({ unusual: undefined, last: false })
      }),
      { numRuns: 300 },
    )
  })

  const pair = `${response('{"data":{"ü":1}}')}${chunked('{"dat', 'a":2}')}${response('{"data":3}')}`

  it('are the same cut at each byte, and byte by byte', () => {
    const bytes = Buffer.from(pair)
    const whole = readAll([bytes])
    expect(whole.texts).toHaveLength(3)
    for (let at = 1; at < bytes.length; at++) expect(readAll(cut(bytes, [at]))).toEqual(whole)
    expect(readAll([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole)
  })

  it('are never given to another question, whatever byte of them is another', () => {
    const marks = ['first:a-a-a-a', 'second:b-b-b', 'third:c-c-c-c']
    const [one, two, three] = marks.map((mark) => JSON.stringify({ data: mark }))
    const bytes = Buffer.from(`${response(one!)}${chunked(two!.slice(0, 7), two!.slice(7))}${response(three!)}`)
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), fc.array(fc.nat()), (at, byte, points) => {
        const other = Buffer.from(bytes)
        other[at] = byte
        const { texts } = readAll(cut(other, points), 3)
        for (const [index, text] of texts.entries())
          expect(isJson(text) && marks.some((mark, of) => of !== index && text.includes(mark))).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  it('take a body as large as it comes, and no larger than is read', () => {
    const large = JSON.stringify({ data: 'x'.repeat(3_000_000) })
    const bytes = Buffer.from(response(large))
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    )
    expect(readAll(pieces).texts).toEqual([`200 ${large}`])
    const tooMuch = 'HTTP/1.1 200 OK\r\ncontent-length: 33554433\r\n\r\n{'
    expect(read(tooMuch)).toMatchObject({ texts: ['unusable'], last: true })
    const tooMuchInAll = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n2000000\r\n'
    expect(read(tooMuchInAll)).toMatchObject({ texts: ['unusable'], last: true })
  })
})

const fine = '{"data":{}}'
const head = (...fields: string[]) => `HTTP/1.1 200 OK\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

describe('what ends a connection, as what follows is in doubt', () => {
  it.each([
    ['another version', `HTTP/1.0 200 OK\r\ncontent-length: 11\r\n\r\n${fine}`],
    ['something else', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an empty line before it', `\r\n${response(fine)}`],
    ['lines that end in one character', response(fine).replaceAll('\r\n', '\n')],
    ['a status of four digits', response(fine).replace(' 200 ', ' 2000 ')],
    ['a status that is none', response(fine).replace(' 200 ', ' 700 ')],
    ['100', `HTTP/1.1 100 Continue\r\n\r\n${response(fine)}`],
    ['103', `HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n${response(fine)}`],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['204 with a length', 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n'],
    ['304', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 11\r\n\r\n'],
    ['no length', `${head('a: b')}${fine}`],
    ['two lengths', `${head('content-length: 11', 'content-length: 11')}${fine}`],
    ['a list of lengths', `${head('content-length: 11, 11')}${fine}`],
    ['a negative length', `${head('content-length: -1')}${fine}`],
    ['a signed length', `${head('content-length: +11')}${fine}`],
    ['a length in hexadecimals', `${head('content-length: 0xb')}${fine}`],
    ['a length and chunks', `${head('content-length: 11', 'transfer-encoding: chunked')}b\r\n${fine}\r\n0\r\n\r\n`],
    ['chunks twice', `${head('transfer-encoding: chunked', 'transfer-encoding: chunked')}b\r\n${fine}\r\n0\r\n\r\n`],
    ['gzip and chunks', `${head('transfer-encoding: gzip, chunked')}b\r\n${fine}\r\n0\r\n\r\n`],
    ['another coding', `${head('transfer-encoding: xchunked')}b\r\n${fine}\r\n0\r\n\r\n`],
    ['a folded line', `${head('x: a', ' content-length: 5', 'content-length: 11')}${fine}`],
    ['a space before the colon', `${head('content-length : 11')}${fine}`],
    ['a field without a name', `${head(': 11', 'content-length: 11')}${fine}`],
    ['a line without a colon', `${head('content-length')}${fine}`],
    ['a line break of one character in a field', `${head('x: a\ncontent-length: 5', 'content-length: 11')}${fine}`],
    ['a zero in a field', `${head('x: \0', 'content-length: 11')}${fine}`],
    [
      'trailers that are announced',
      `${head('trailer: x', 'transfer-encoding: chunked')}b\r\n${fine}\r\n0\r\nx: y\r\n\r\n`,
    ],
    ['trailers', `${head('transfer-encoding: chunked')}b\r\n${fine}\r\n0\r\nx: y\r\n\r\n`],
    ['an extension of a chunk', `${head('transfer-encoding: chunked')}b;x=y\r\n${fine}\r\n0\r\n\r\n`],
    ['a chunk without a size', `${head('transfer-encoding: chunked')}\r\n${fine}\r\n0\r\n\r\n`],
    ['a signed size of a chunk', `${head('transfer-encoding: chunked')}+b\r\n${fine}\r\n0\r\n\r\n`],
    ['a size of a chunk in spaces', `${head('transfer-encoding: chunked')} b\r\n${fine}\r\n0\r\n\r\n`],
    ['a size of a chunk beyond any', `${head('transfer-encoding: chunked')}fffffffffffffffff\r\n${fine}`],
    ['a chunk longer than its size', `${head('transfer-encoding: chunked')}a\r\n${fine}\r\n0\r\n\r\n`],
    ['a head beyond 16 KiB', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(17 * 1024)}`],
    ['an endless head', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(4_000)}`],
  ])('%s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ texts: [], unusual: expect.any(String) })
    // Byte by byte it is no other, and sooner.
    expect(readAll([...Buffer.from(bytes)].map((byte) => Buffer.from([byte]))).texts).toEqual([])
  })

  it.each([
    ['connection: close', `${head('connection: close', 'content-length: 11')}${fine}`, `200 ${fine}`],
    [
      'a connection that is upgraded',
      `${head('connection: keep-alive, upgrade', 'content-length: 11')}${fine}`,
      `200 ${fine}`,
    ],
    ['a text that is no JSON', response('<html>'), '200 <html>'],
    ['a length that is too small', `${head('content-length: 10')}${fine}`, '200 {"data":{}'],
    ['a length of nothing', head('content-length: 0'), '200 '],
    ['an encoding', `${head('content-encoding: gzip', 'content-length: 11')}${fine}`, 'unusable'],
  ])('%s, with its own response still', (_, bytes, text) => {
    expect(read(`${bytes}${response(fine)}`)).toEqual({ texts: [text], last: true, unusual: undefined })
  })

  it('more bytes than were asked for', () => {
    expect(read(`${response(fine)} `, 1)).toMatchObject({ texts: [`200 ${fine}`], unusual: expect.any(String) })
    expect(read(`${response(fine)}${response(fine)}`, 1)).toMatchObject({ texts: [`200 ${fine}`] })
    expect(read(`${response(fine)}\r\n${response(fine)}`, 2)).toMatchObject({ texts: [`200 ${fine}`], last: false })
    expect(read('H', 0)).toMatchObject({ texts: [], unusual: expect.any(String) })
  })

  it('a length so wrong that a whole other response is within it', () => {
    const other = response('{"data":"other"}')
    const wrong = head(`content-length: ${fine.length + other.length}`)
    expect(read(`${wrong}${fine}${other}${response('{"data":"third"}')}`)).toMatchObject({
      texts: [`200 ${fine}${other}`],
      last: true,
    })
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text.slice(4))
    return true
  } catch {
    return false
  }
}
