/** Which real services the tests run against. */

export type ServiceVariable = 'DATABASE_URL' | 'KAFKA_BROKERS' | 'REDIS_URL'

/**
 * The address of a real service, or undefined where tests use the embedded default or skip:
 * `describe.skipIf(!requiredService('KAFKA_BROKERS'))`. With `REQUIRE_SERVICES=1` a missing service is a failure.
 */
export function requiredService(name: ServiceVariable): string | undefined {
  const value = process.env[name]
  if (value) return value
  if (process.env.REQUIRE_SERVICES === '1') {
    throw new Error(`REQUIRE_SERVICES=1 asks for real services, but ${name} is not set`)
  }
  return undefined
}
