import { fileURLToPath } from 'node:url'

/** The tables of the event log in PostgreSQL, for `migrate`. Found from src and from dist alike: SQL is not compiled. */
export const eventMigrations = {
  set: 'events',
  folder: fileURLToPath(new URL('../../src/events/migrations/', import.meta.url)),
} as const
