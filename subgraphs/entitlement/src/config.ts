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
  /** The ledger, as the service's own login: a member of entitlement_service that row policies bind. */
  DATABASE_URL: z.string().startsWith('postgres'),
  /** The warehouse's login that writes the row grants, and nothing else. */
  WAREHOUSE_GRANTS_SECRET_ARN: z.string().startsWith('arn:'),
}

/** Throws an Error that names each wrong variable. */
export const parseConfig = (env: NodeJS.ProcessEnv) =>
  parseEnv(
    { ...serverEnv, PORT: port(4004), ...passportEnv, ...warehouseEnv, ...eventLogEnv, ...cursorEnv, ...ownEnv },
    env,
  )
