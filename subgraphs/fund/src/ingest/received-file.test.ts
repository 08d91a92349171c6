import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiveFile } from './received-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'received-'))
})
afterAll(() => rm(folder, { recursive: true }))

const receive = async (name: string, content: string | Buffer) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return receiveFile(path)
}

test('gzip is told by the bytes: plain and compressed files give the same text', async () => {
  expect((await receive('a.csv', 'a,b\n1,2\n')).text).toBe('a,b\n1,2\n')
  expect((await receive('b.csv.gz', gzipSync('a,b\n1,2\n'))).text).toBe('a,b\n1,2\n')
  expect((await receive('c.csv', gzipSync('a,b\n1,2\n'))).text).toBe('a,b\n1,2\n')
})

test('a byte order mark is no part of the text', async () => {
  expect((await receive('bom.csv', '\ufeffa,b\n1,2\n')).text).toBe('a,b\n1,2\n')
})

const gzipped = gzipSync(Array.from({ length: 5_000 }, (_, line) => `${line},${Math.sqrt(line)}\n`).join(''))

test.each([
  [
    'truncated.csv.gz',
    gzipped.subarray(0, gzipped.length / 2),
    'the gzip stream ends too early: the file is truncated',
  ],
  ['no-trailer.csv.gz', gzipped.subarray(0, -4), 'the gzip stream ends too early: the file is truncated'],
  ['damaged.csv.gz', Buffer.concat([gzipped.subarray(0, -8), Buffer.alloc(8)]), 'the gzip stream is damaged'],
  ['not-gzip.csv.gz', 'a,b\n1,2\n', 'named .gz, but its content is not gzip'],
  ['cut.csv', 'a,b\n1,2\n3,4', 'line 3, the last, does not end with a line break: the file is cut short'],
  ['empty.csv', '', 'the file is empty'],
  ['blank.csv', ' \n\n', 'the file is empty'],
  ['empty.csv.gz', gzipSync(''), 'the file is empty'],
  ['page.csv', '<!DOCTYPE html>\n<html></html>\n', 'expected CSV, found markup (HTML or XML)'],
  ['image.csv', Buffer.concat([Buffer.from('\x89PNG\r\n'), Buffer.alloc(9), randomBytes(64)]), 'found binary data'],
  ['latin1.csv', Buffer.from('a,b\nf\xfcr,2\n', 'latin1'), 'found bytes that are not UTF-8'],
])('%s is refused whole, with the reason', async (name, content, reason) => {
  const refused = await receive(name, content).catch((error: Error) => error)
  expect(refused).toMatchObject({ name: 'Refusal', message: expect.stringContaining(reason) })
  expect(refused).toMatchObject({ message: expect.stringContaining(name) })
})

test('a missing file and a folder are refused by name', async () => {
  await expect(receiveFile(join(folder, 'absent.csv'))).rejects.toThrow('absent.csv: there is no such file')
  await expect(receiveFile(folder)).rejects.toThrow('expected a file, found a folder')
})
