/** Keys and passwords of a mesh on one machine: made once, kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'

const key = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })

const schema = z.object({
  passportPrivateKey: key.extend({ d: z.string() }),
  passportPublicKey: key,
  cursorSecret: z.string().min(32),
  /** Of every login role: they differ by role because each is derived from this one and the role's name. */
  loginSecret: z.string().min(32),
})

export interface Secrets {
  readonly passportPrivateKey: JWK
  readonly passportPublicKey: JWK
  readonly cursorSecret: string
  readonly loginSecret: string
}

/** Reads the file, or makes it. Rejects with a sentence that names the file when it is unreadable. */
export async function loadSecrets(file: string): Promise<Secrets> {
  if (!existsSync(file)) await makeSecrets(file)
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`The file ${file} with this machine's keys is damaged: delete it, and new keys are made.`, {
      cause,
    })
  }
}

async function makeSecrets(file: string): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const random = () => randomBytes(32).toString('base64url')
  const secrets: Secrets = {
    passportPrivateKey: await exportJWK(privateKey),
    passportPublicKey: await exportJWK(publicKey),
    cursorSecret: random(),
    loginSecret: random(),
  }
  // Complete or not at all: a start may be interrupted.
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  renameSync(unfinished, file)
}
