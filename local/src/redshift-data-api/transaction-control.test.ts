import { expect, it } from 'vitest'
import { transactionControl } from './transaction-control.ts'

it.each([
  ['commit', 'commit'],
  ['  ROLLBACK;', 'rollback'],
  ['-- harmless\ncommit', 'commit'],
  ['/* a */ ; -- b\n /* c */ End', 'end'],
  ['start transaction', 'start'],
  ['savepoint s', 'savepoint'],
])('sees the transaction control in %j', (sql, word) => {
  expect(transactionControl(sql)).toBe(word)
})

it.each(['select 1', 'select commit from t', '(select 1)', 'endorse', 'with begin as (select 1) select 1', ''])(
  'sees none in %j',
  (sql) => {
    expect(transactionControl(sql)).toBeNull()
  },
)
