/** `npm run check:k8s`: the base in k8s/ against the Kubernetes API's schemas, our policies, and each service's settings. */
import { fileURLToPath } from 'node:url'
import { schemaFindings } from './k8s/api-schema.ts'
import { buildWithKustomize, differences } from './k8s/compare.ts'
import { environmentFindings } from './k8s/environment.ts'
import { policyFindings } from './k8s/policies.ts'
import { render } from './k8s/render.ts'

const folder = fileURLToPath(new URL('../k8s/base', import.meta.url))
const objects = render(folder)
const real = buildWithKustomize(folder)

const findings = [
  ...objects.flatMap(schemaFindings),
  ...policyFindings(objects),
  ...(await environmentFindings(objects)),
  ...(real ? differences(objects, real.objects) : []),
]

for (const finding of findings) process.stderr.write(`${finding}\n`)
const compared = real ? `the same as ${real.builder} gives` : 'not compared: no kustomize and no kubectl on PATH'
process.stdout.write(`k8s/base: ${objects.length} objects, ${findings.length} findings; ${compared}\n`)
process.exitCode = findings.length > 0 ? 1 : 0
