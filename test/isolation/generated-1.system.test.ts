import { vi } from 'vitest'
import { describeIsolation } from './generated.ts'
import { createBatchRunner, useLogins } from './generator/direct-batches.ts'
import { realServices } from './generator/services.ts'

vi.mock('../../platform/src/warehouse/batch-runner.ts', () => ({ createBatchRunner }))

describeIsolation(0, { ...realServices, useLogins })
