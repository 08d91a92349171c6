import { eventLogEnv, parseEnv, passportEnv, port, serverEnv, warehouseEnv } from '@fundmesh/platform/service/config'
import { z } from 'zod'

export const parseConfig = (env: NodeJS.ProcessEnv) =>
  parseEnv(
    {
      ...serverEnv,
      PORT: port(4002),
      ...passportEnv,
      ...warehouseEnv,
      ...eventLogEnv,
      REDIS_URL: z.string().startsWith('redis').optional(),
    },
    env,
  )
