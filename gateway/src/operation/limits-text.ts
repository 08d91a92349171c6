import { Lexer, Source, TokenKind } from 'graphql'
import { check } from './limits.ts'

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/** Checks what can be told of a document without parsing it: in one pass, without recursion. */
export function checkText(query: string): void {
  const lexer = new Lexer(new Source(query))
  let tokens = 0
  let nesting = 0
  for (let token = next(lexer); token && token.kind !== TokenKind.EOF; token = next(lexer)) {
    check('tokens', ++tokens)
    if (opening.has(token.kind)) check('nesting', ++nesting)
    else if (closing.has(token.kind)) nesting--
  }
}

/** The next token, or undefined where the text is no GraphQL: the parser says so better. */
function next(lexer: Lexer) {
  try {
    return lexer.advance()
  } catch {
    return undefined
  }
}
