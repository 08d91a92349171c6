const DISK_FULL = 'The disk that holds the data folder is full: free some space (about 300 MB are needed).'

/** What to tell the person at the terminal when the start failed. */
export function failureSentence(error: unknown): string {
  const { code, message, path } = error as NodeJS.ErrnoException
  if (/No space left on device|Disk quota exceeded/.test(message)) return DISK_FULL
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return DISK_FULL
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `This user may not write ${path ?? 'the data folder'}: FUNDMESH_DATA_DIR chooses another folder.`
    case 'ENOTDIR':
    case 'EEXIST':
      return `There is a file where a folder is needed for ${path}: FUNDMESH_DATA_DIR chooses another folder.`
    case 'ECONNREFUSED':
      return `The database does not answer (${message}): is DATABASE_URL right?`
    default:
      return message
  }
}
