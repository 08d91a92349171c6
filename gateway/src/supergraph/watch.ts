import { unwatchFile, watchFile } from 'node:fs'

/**
 * Calls the listener when a file may have changed. It is looked at every so often: what mounts files (a ConfigMap, a
 * volume) replaces links and folders, which notifications of the file system miss.
 */
export function watchForChanges(file: string, everyMs: number, changed: () => void): () => void {
  const listener = () => changed()
  watchFile(file, { interval: everyMs, persistent: false }, listener)
  return () => unwatchFile(file, listener)
}
