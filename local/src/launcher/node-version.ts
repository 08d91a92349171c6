/** Imported first: the oldest Node that the rest runs on. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Fundmesh needs Node 20.19 or newer; this is ${process.versions.node}.\n`)
  process.exit(1)
}
