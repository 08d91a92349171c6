import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Refusal } from './refusal.ts'

/** A file as it came, and the text in it: complete, UTF-8, and made of lines. */
export interface ReceivedFile {
  readonly name: string
  /** Of the bytes as received, in hexadecimal. */
  readonly sha256: string
  /** As received: compressed where the file was. */
  readonly bytes: Buffer
  readonly text: string
}

/** No source sends more; a small file that unpacks to more is an attack or a mistake. */
const maxTextBytes = 256 * 1024 * 1024

const gzipMagic = Buffer.from([0x1f, 0x8b])

/**
 * Reads a CSV file, plain or gzip (told by its bytes, not by its name). Throws a Refusal for a file that is missing,
 * empty, cut short, or not CSV.
 */
export async function receiveFile(path: string): Promise<ReceivedFile> {
  const name = basename(path)
  const bytes = await read(path)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name, sha256, bytes, text: decode(name, unpack(name, bytes)) }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new Refusal(`${path}: there is no such file`)
    if (code === 'EISDIR') throw new Refusal(`${path}: expected a file, found a folder`)
    throw new Refusal(`${path}: cannot be read (${code})`)
  }
}

function unpack(name: string, bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 2).equals(gzipMagic)) {
    if (name.endsWith('.gz') && bytes.length > 0) throw new Refusal(`${name}: named .gz, but its content is not gzip`)
    return bytes
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: maxTextBytes })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw new Refusal(`${name}: the gzip stream ends too early: the file is truncated`)
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(`${name}: unpacks to more than the ${maxTextBytes / 1024 / 1024} MB that a file may have`)
    throw new Refusal(`${name}: the gzip stream is damaged (${message})`)
  }
}

function decode(name: string, bytes: Buffer): string {
  if (bytes.includes(0)) throw new Refusal(`${name}: expected CSV text, found binary data`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal(`${name}: expected CSV text in UTF-8, found bytes that are not UTF-8`)
  }
  if (text.trim() === '') throw new Refusal(`${name}: the file is empty`)
  if (/^\s*</.test(text)) throw new Refusal(`${name}: expected CSV, found markup (HTML or XML)`)
  // A value that lost its last digits is still a number: only the line break proves that the last line is whole.
  if (!text.endsWith('\n')) {
    const lastLine = text.split('\n').length
    throw new Refusal(`${name}: line ${lastLine}, the last, does not end with a line break: the file is cut short`)
  }
  return text
}
