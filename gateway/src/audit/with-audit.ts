import { codedError } from '../errors/catalogue.ts'
import type { Answer } from '../http/http.ts'
import type { Audit } from './audit.ts'

/** Answers nothing that could not be recorded, and records what was refused. What was answered, the roads tell. */
export function withAudit(answer: Answer, audit: Pick<Audit, 'room' | 'refused'>): Answer {
  return async (request, asking) => {
    try {
      if (!audit.room()) throw codedError('SERVICE_UNAVAILABLE')
      return await answer(request, asking)
    } catch (error) {
      audit.refused(request, asking, error)
      throw error
    }
  }
}
