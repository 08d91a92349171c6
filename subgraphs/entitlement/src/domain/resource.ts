import { Refusal } from './refusal.ts'

export type ResourceKind = 'FUND' | 'SHARE_CLASS'

/** The thing need not be known yet. Throws Refusal. */
export function checkResource(resourceId: string): void {
  if (!/^[a-z][a-z0-9-]*:[A-Za-z0-9._-]{1,100}$/.test(resourceId)) {
    const came = JSON.stringify(resourceId.slice(0, 80))
    throw new Refusal(`resourceId: expected <source>:<code>, such as "tsp:c-fund"; got ${came}`)
  }
}
