/** Where the access contracts stand. */
import { fileURLToPath } from 'node:url'

/** The folder of the Cedar policies; their schema is beside it. */
export const accessPolicies = fileURLToPath(new URL('../access/policies', import.meta.url))

/** The folder of the decision tables. */
export const accessCases = fileURLToPath(new URL('../access/cases', import.meta.url))

/** The folder of the policies that say what a grant opens; their schema is beside it. */
export const rowPoliciesFolder = fileURLToPath(new URL('../access/rows/policies', import.meta.url))

/** Who sees which part of the graph. */
export const audiencesFile = fileURLToPath(new URL('../access/audiences.yaml', import.meta.url))

/** How much each tenant may ask for. */
export const budgetsFile = fileURLToPath(new URL('../access/budgets.yaml', import.meta.url))
