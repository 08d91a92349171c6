import {
  cursorEnv,
  eventLogEnv,
  parseEnv,
  passportEnv,
  port,
  serverEnv,
  warehouseEnv,
} from '@fundmesh/platform/service/config'
import { z } from 'zod'

const ownEnv = {
  /** The warehouse's login that reads which fund each share class belongs to, and nothing else. */
  WAREHOUSE_STRUCTURE_SECRET_ARN: z.string().startsWith('arn:'),
}

export const parseConfig = (env: NodeJS.ProcessEnv) =>
  parseEnv(
    { ...serverEnv, PORT: port(4001), ...passportEnv, ...cursorEnv, ...warehouseEnv, ...eventLogEnv, ...ownEnv },
    env,
  )
