import { afterEach, expect, test, vi } from 'vitest'
import { inherited } from './services.ts'

afterEach(() => vi.unstubAllEnvs())

test('no service inherits a store, a port or a cloud account of the person at the terminal', () => {
  const set = ['DATABASE_URL', 'PORT', 'FUND_PORT', 'REDIS_URL', 'AWS_PROFILE', 'PGPASSWORD', 'LOG_LEVEL']
  for (const name of set) vi.stubEnv(name, 'debug')
  const names = Object.keys(inherited())
  expect(names.filter((name) => set.includes(name))).toEqual(['LOG_LEVEL'])
  expect(names).toContain('PATH')
})
