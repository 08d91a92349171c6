import { expect, test } from 'vitest'
import { failureSentence } from './failure-sentence.ts'

const diskFull = 'The disk that holds the data folder is full: free some space (about 300 MB are needed).'

test.each([
  [Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), diskFull],
  [new Error('Loading x failed (exit code 1):\n  could not extend file "base/1": No space left on device'), diskFull],
  [
    Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS', path: '/data' }),
    'This user may not write /data: FUNDMESH_DATA_DIR chooses another folder.',
  ],
  [
    Object.assign(new Error('ENOTDIR: not a directory'), { code: 'ENOTDIR', path: '/file/logs' }),
    'There is a file where a folder is needed for /file/logs: FUNDMESH_DATA_DIR chooses another folder.',
  ],
  [new Error('This port is in use'), 'This port is in use'],
])('says %s in one sentence', (error, sentence) => {
  expect(failureSentence(error)).toBe(sentence)
})
