/** contracts/access/rows.yaml, checked once, at load: which entities grants open, and what of them a subgraph serves. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { ResourceKind, TopicFieldSet } from './events.ts'

/** An entity type that grants open, and its field that holds the id of the resource. */
export interface RowEntity {
  readonly kind: ResourceKind
  readonly key: string
}

export interface RowContract {
  /** By the name of the type. */
  readonly entities: ReadonlyMap<string, RowEntity>
  /** By the name of the subgraph. */
  readonly fieldSets: ReadonlyMap<string, readonly TopicFieldSet[]>
}

const RowsFile = z.strictObject({
  entities: z.record(z.string(), z.strictObject({ kind: z.enum(['FUND', 'SHARE_CLASS']), key: z.string().min(1) })),
  subgraphs: z.record(z.string(), z.array(z.enum(['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK'])).min(1)),
})

/** Throws an Error that says what is wrong with the text of a rows.yaml. */
export function parseRowContract(text: string): RowContract {
  const file = RowsFile.safeParse(parse(text))
  if (!file.success) throw new Error(`rows.yaml: ${z.prettifyError(file.error)}`)
  return {
    entities: new Map(Object.entries(file.data.entities)),
    fieldSets: new Map(Object.entries(file.data.subgraphs)),
  }
}

/** The contract of this code base. */
export const rowContract: RowContract = parseRowContract(
  readFileSync(new URL('../access/rows.yaml', import.meta.url), 'utf8'),
)
