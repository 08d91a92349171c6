/**
 * The entries on disk until the event log has them: what a killed gateway had answered is published by its next start.
 * Lines of JSON in segments; a segment goes when all its entries are published. The folder belongs to one gateway
 * process at a time. A write is in the system's cache when it resolves, not on the platter: it outlives the process,
 * and not the machine.
 */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditEntry } from '@fundmesh/contracts/generated/events'

/** An entry on its way, by its writer and its tenant. */
export interface Spooled {
  readonly tenantId: string
  readonly source: string
  readonly entry: AuditEntry
}

export interface Spool {
  /** Keeps the lines, in order. Rejects where the disk does not take them. */
  append(lines: readonly string[]): Promise<Segment>
  /** What earlier processes left, by segment. */
  leftovers(): Promise<readonly { readonly segment: Segment; readonly entries: readonly Spooled[] }[]>
  /** Removes a segment whose entries are all published. */
  remove(segment: Segment): Promise<void>
  close(): Promise<void>
}

/** A file of the spool. */
export interface Segment {
  readonly file: string
  /** Entries that are not published yet. */
  waiting: number
  /** Whether entries may still be added. */
  open: boolean
}

const segmentBytes = 4 * 1024 * 1024
const suffix = '.audit.jsonl'

export const spooledLine = (spooled: Spooled): string => `${JSON.stringify(spooled)}\n`

export function openSpool(folder: string, source: string): Spool {
  let current: { segment: Segment; handle: Awaited<ReturnType<typeof open>>; bytes: number } | undefined
  let segments = 0

  const next = async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    segments += 1
    const file = join(folder, `${source}-${String(segments).padStart(6, '0')}${suffix}`)
    return { segment: { file, waiting: 0, open: true }, handle: await open(file, 'ax', 0o600), bytes: 0 }
  }
  const finish = async () => {
    if (!current) return
    const { segment, handle } = current
    current = undefined
    segment.open = false
    await handle.close()
    if (segment.waiting === 0) await rm(segment.file, { force: true })
  }

  return {
    async append(lines) {
      if (current && current.bytes >= segmentBytes) await finish()
      current ??= await next()
      const text = lines.join('')
      const { segment } = current
      // Counted before it is written: a segment is never taken for published while a write is under way.
      segment.waiting += lines.length
      try {
        await current.handle.appendFile(text)
        current.bytes += text.length
        return segment
      } catch (error) {
        segment.waiting -= lines.length
        // What of it stands there may be torn; a reader drops that, and we go on in another file.
        await finish().catch(() => {})
        throw error
      }
    },
    async leftovers() {
      const files = (await readdir(folder).catch(() => []))
        .filter((name) => name.endsWith(suffix) && !name.startsWith(source))
        .sort()
      return Promise.all(
        files.map(async (name) => {
          const file = join(folder, name)
          const entries = (await readFile(file, 'utf8')).split('\n').flatMap(parseLine)
          return { segment: { file, waiting: entries.length, open: false }, entries }
        }),
      )
    },
    remove: ({ file }) => rm(file, { force: true }),
    close: finish,
  }
}

/** A line that a crash cut short says nothing. */
function parseLine(line: string): Spooled[] {
  try {
    return [JSON.parse(line) as Spooled]
  } catch {
    return []
  }
}
