import { describe, expect, it } from 'vitest'
import { createLogger } from './log.ts'

function recording(level = 'info') {
  const lines: string[] = []
  const log = createLogger('fund', level, { write: (line) => void lines.push(line) })
  return { log, lines, records: () => lines.map((line) => JSON.parse(line)) }
}

describe('the log', () => {
  it('writes one JSON object a line, with the name, the level as a word and the time in UTC', () => {
    const { log, records } = recording()
    log.info({ statements: 2 }, 'page read')
    expect(records()).toEqual([
      expect.objectContaining({
        name: 'fund',
        level: 'info',
        msg: 'page read',
        statements: 2,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      }),
    ])
  })

  it.each(['authorization', 'x-fundmesh-passport', 'cookie', 'token', 'password', 'secret'])(
    'never shows the value of %s, wherever it stands',
    (key) => {
      const { log, lines } = recording()
      log.info({ [key]: 'opensesame' })
      log.info({ headers: { [key]: 'opensesame' } })
      log.info({ req: { headers: { [key]: 'opensesame' } } })
      log.info({ err: { cause: { headers: { [key]: 'opensesame' } } } })
      log.error({ err: Object.assign(new Error('refused'), { [key]: 'opensesame' }) })
      log.child({ [key]: 'opensesame' }).info('from a child')
      expect(lines).toHaveLength(6)
      expect(lines.join('')).not.toContain('opensesame')
    },
  )

  it('keeps what the caller logged as it was', () => {
    const { log } = recording()
    const headers = { authorization: 'Bearer x' }
    log.info({ headers })
    expect(headers.authorization).toBe('Bearer x')
  })

  it('is quiet below its level', () => {
    const { log, lines } = recording('warn')
    log.info('heard by nobody')
    expect(lines).toEqual([])
  })

  it('refuses a level that it does not know, by name', () => {
    expect(() => createLogger('fund', 'verbose')).toThrow(
      'The log level is one of trace, debug, info, warn, error, fatal, silent, not "verbose".',
    )
  })
})
