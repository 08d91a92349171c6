import { parseEnv, passportEnv, port, serverEnv, warehouseEnv } from '@fundmesh/platform/service/config'
import { z } from 'zod'

export const parseConfig = (env: NodeJS.ProcessEnv) =>
  parseEnv(
    {
      ...serverEnv,
      PORT: port(4002),
      ...passportEnv,
      ...warehouseEnv,
      REDIS_URL: z.string().startsWith('redis').optional(),
    },
    env,
  )
