/** What to tell the person at the terminal when the start failed. */
export function failureSentence(error: unknown): string {
  const { code, message, path } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk${path ? ` that holds ${path}` : ''} is full: free some space.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `This user may not write ${path ?? 'the data folder'}: FUNDMESH_DATA_DIR chooses another folder.`
    case 'ECONNREFUSED':
      return `The database does not answer (${message}): is DATABASE_URL right?`
    default:
      return message
  }
}
