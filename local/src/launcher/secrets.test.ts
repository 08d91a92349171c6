import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importJWK } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSecrets } from './secrets.ts'

let file: string
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'fundmesh-secrets-')), 'secrets.json')
})
afterEach(() => rmSync(join(file, '..'), { recursive: true }))

test('keys are made once, and only their owner can read them', async () => {
  const made = await loadSecrets(file)
  await importJWK(made.passportPrivateKey, 'EdDSA')
  expect(made.passportPublicKey).not.toHaveProperty('d')
  expect(await loadSecrets(file)).toEqual(made)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a damaged file is named', async () => {
  writeFileSync(file, '{"cursorSecret":"short"}')
  await expect(loadSecrets(file)).rejects.toThrow(
    `The file ${file} with this machine's keys is damaged: delete it, and new keys are made.`,
  )
})
