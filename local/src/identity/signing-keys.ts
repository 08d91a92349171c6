/** The provider's signing keys, kept in one file so that tokens outlive a restart. */
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

export const SIGNING_ALGORITHM = 'ES256'

/** A private P-256 key with its id, the RFC 7638 thumbprint. */
export interface SigningKey extends JWK {
  kty: 'EC'
  kid: string
  d: string
}

/**
 * The keys of `file`, newest first; a missing file is made, with one key, readable by its owner only.
 * Rejects when the file holds anything but signing keys, naming the file.
 */
export async function loadSigningKeys(file: string): Promise<readonly SigningKey[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return saveSigningKeys(file, [await newSigningKey()])
  }
  const keys = parseSigningKeys(text)
  if (!keys) {
    throw new Error(
      `The signing keys in ${file} are unreadable: delete the file, and new keys are made at the next start.`,
    )
  }
  await chmod(file, 0o600)
  return keys
}

/** Writes the keys, whole or not at all. */
export async function saveSigningKeys(file: string, keys: readonly SigningKey[]): Promise<readonly SigningKey[]> {
  const draft = `${file}.${process.pid}.draft`
  await writeFile(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
  return keys
}

export async function newSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: SIGNING_ALGORITHM } as SigningKey
}

function parseSigningKeys(text: string): readonly SigningKey[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys: SigningKey[] }
    const whole = keys.length > 0 && keys.every((key) => key.kty === 'EC' && key.crv === 'P-256' && key.kid && key.d)
    return whole ? keys : undefined
  } catch {
    return undefined
  }
}
