/** For tests that are about something else. */
export { unrecorded as unheard } from './unrecorded.ts'
