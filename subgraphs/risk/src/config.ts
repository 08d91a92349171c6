import { eventLogEnv, parseEnv, passportEnv, port, serverEnv, warehouseEnv } from '@fundmesh/platform/service/config'

export const parseConfig = (env: NodeJS.ProcessEnv) =>
  parseEnv({ ...serverEnv, PORT: port(4003), ...passportEnv, ...warehouseEnv, ...eventLogEnv }, env)
