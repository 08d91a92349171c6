import { describe, expect, it } from 'vitest'
import { namedParameters, replaceParameters } from './named-parameters.ts'

const names = (sql: string) => namedParameters(sql).map(({ name }) => name)

describe('named parameters', () => {
  it.each([
    ['a plain comparison', 'select * from t where id = :id and d <= :day', ['id', 'day']],
    ['a cast behind a parameter', 'select :day::date', ['day']],
    ['a cast to a type that is also a name', 'select x::id, :id', ['id']],
    ['a string literal', "select ':no', :yes", ['yes']],
    ['a doubled quote', "select 'it''s :no', :yes", ['yes']],
    ['a backslash in a standard string', "select 'a\\', :yes, '", ['yes']],
    ['an escape string', "select e'it\\'s :no', E'\\\\', :yes", ['yes']],
    ['an identifier that ends in e before a string', "select name':no', :yes", ['yes']],
    ['a quoted identifier', 'select ":no", "a"":no", :yes', ['yes']],
    ['a line comment', 'select 1 -- :no\n, :yes', ['yes']],
    ['a nested block comment', 'select /* :no /* :no */ :no */ :yes', ['yes']],
    ['dollar quoting', 'select $$ :no $$, $tag$ :no $$ :no $tag$, :yes', ['yes']],
    ['a dollar inside an identifier', 'select a$b$c, :yes', ['yes']],
    ['an assignment', 'call p(x := 1, y => :yes)', ['yes']],
    ['digits and underscores', 'in (:id0, :id10, :_a)', ['id0', 'id10', '_a']],
    ['a time in a literal', "select '10:30:00'::time", []],
    ['an unfinished string', "select ':no", []],
    ['an unfinished comment', 'select /* :no', []],
  ])('are found in %s', (_, sql, expected) => {
    expect(names(sql)).toEqual(expected)
  })

  it('are replaced in place, and left where the replacement is null', () => {
    const replaced = replaceParameters("select ':a', :a::date, b[1:n], :a", (name) => (name === 'a' ? '$1' : null))
    expect(replaced).toBe("select ':a', $1::date, b[1:n], $1")
  })
})
