import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A document that an app of ours asks; whoever may use the app may ask for it by its id. */
export interface TrustedDocument {
  /** SHA-256 of the text, in hexadecimal. */
  readonly id: string
  readonly app: string
  /** `<app>/<file>`, for messages. */
  readonly name: string
  readonly text: string
}

/** Our own documents. */
export const operationsFolder = fileURLToPath(new URL('../operations', import.meta.url))

/** Reads `<folder>/<app>/*.graphql`. */
export const readTrustedDocuments = (folder: string): readonly TrustedDocument[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: app }) =>
      readdirSync(join(folder, app))
        .filter((file) => file.endsWith('.graphql'))
        .sort()
        .map((file) => {
          const text = readFileSync(join(folder, app, file), 'utf8')
          return { id: createHash('sha256').update(text).digest('hex'), app, name: `${app}/${file}`, text }
        }),
    )
