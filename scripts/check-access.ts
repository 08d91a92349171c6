/** `npm run check:access`: the policies against their schema, every field of the graph against them, and the budgets against the audiences. */
import { readFileSync } from 'node:fs'
import { accessPolicies, audiencesFile, budgetsFile } from '@fundmesh/contracts/access'
import { readPolicies } from '@fundmesh/platform/policies/files'
import { policyMistakes } from '@fundmesh/platform/policies/validate'
import { unansweredPolicies } from '../gateway/src/access/policy-names.ts'
import { readBudgets } from '../gateway/src/budget/budgets-file.ts'
import { loadSupergraph } from '../gateway/src/supergraph/supergraph.ts'
import { readAudiences } from '../gateway/src/view/audiences.ts'
import { coverage, remedy } from './access/coverage.ts'
import { supergraphFile } from './compose.ts'

const policies = readPolicies(accessPolicies)
const covered = coverage(readFileSync(supergraphFile, 'utf8'))
const unanswered = unansweredPolicies(loadSupergraph(supergraphFile, new Map()).supergraph, policies.names)

function budgetMistakes(): string[] {
  try {
    readBudgets(
      budgetsFile,
      () => '',
      readAudiences(audiencesFile).map(({ name }) => name),
    )
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

const findings = [
  ...budgetMistakes(),
  ...policyMistakes(policies),
  ...[...unanswered].map(
    ([name, coordinates]) =>
      `${coordinates.join(', ')}: no policy in contracts/access/policies is about Action::"${name}"; nobody could read it`,
  ),
  ...covered.findings,
]
for (const finding of findings) process.stderr.write(`${finding}\n`)
if (covered.findings.length > 0) process.stderr.write(`${remedy(policies.names)}\n`)
process.stdout.write(
  `contracts/access: ${policies.policies.size} policies, ${covered.fields} fields, ${findings.length} findings\n`,
)
process.exitCode = findings.length > 0 ? 1 : 0
