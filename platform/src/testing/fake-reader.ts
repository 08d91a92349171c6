import type { Reader, Sight } from '../service/reader.ts'
import { type Answers, type FakeWarehouse, fakeWarehouse } from './fake-warehouse.ts'

/** A reader over a fake warehouse, which sees what `sight` says: without a word of it everything, and in lists nothing. */
export function fakeReader(answers: Answers, sight: Partial<Sight> = {}): FakeWarehouse & Reader {
  return { ...fakeWarehouse(answers), sees: () => true, lastDate: () => null, all: () => [], ...sight }
}
