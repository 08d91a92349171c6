import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test('nothing need be set', () => {
  const settings = readSettings({})
  expect(settings).toMatchObject({ host: '127.0.0.1', marketDayMs: 3_000, databaseUrl: undefined })
  expect(settings.ports.gateway).toBe(4000)
  expect(isAbsolute(settings.dataDir)).toBe(true)
})

test('each part can be moved', () => {
  const { ports, databaseUrl } = readSettings({ PORT: '5000', RISK_PORT: '5003', DATABASE_URL: 'postgres://db/x' })
  expect(ports).toMatchObject({ gateway: 5000, fund: 4001, risk: 5003 })
  expect(databaseUrl).toBe('postgres://db/x')
})

test('a wrong value is refused by name', () => {
  expect(() => readSettings({ RISK_PORT: 'high' })).toThrow('RISK_PORT')
  expect(() => readSettings({ MARKET_DAY_MS: '0' })).toThrow('MARKET_DAY_MS')
  expect(() => readSettings({ DATABASE_URL: 'mysql://db' })).toThrow('DATABASE_URL')
})
