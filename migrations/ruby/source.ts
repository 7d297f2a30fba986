import type { ParseResult } from '@ruby/prism/src/deserialize.js'
import { BrokenRuby } from '../errors.ts'
import { readLargeIntegers } from './integers.ts'
import { is, type RubyNode, statementsOf } from './nodes.ts'
import { parseRuby, resetParser } from './prism.ts'

/** A comment of the source, with the `#` taken off. */
export interface RubyComment {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Code stands before it on its line. */
  readonly trailing: boolean
}

/** One Ruby file, parsed: its tree, its comments in order, and ways from byte offsets to lines and text. */
export class RubySource {
  readonly file: string
  readonly tree: RubyNode
  readonly comments: readonly RubyComment[]
  readonly #bytes: Buffer
  readonly #lineStarts: number[] = [0]

  /** @param file the path that errors and reports show
   * @throws BrokenRuby (REGAUGE_BROKEN_RUBY) with the line of the first syntax error
   */
  constructor(file: string, text: string) {
    this.file = file
    this.#bytes = Buffer.from(text)
    for (let at = this.#bytes.indexOf(10); at >= 0; at = this.#bytes.indexOf(10, at + 1)) this.#lineStarts.push(at + 1)
    const result = parsed(file, text)
    this.#rejectErrors(result)
    this.tree = result.value as unknown as RubyNode
    readLargeIntegers(this.tree, text, (node) => this.slice(node))
    this.comments = result.comments.map(({ location }) => this.#comment(location.startOffset, location.startOffset + location.length))
  }

  /** The top-level statements of the file. */
  get statements(): RubyNode[] {
    return is(this.tree, 'ProgramNode') ? statementsOf(this.tree.statements as unknown as RubyNode) : []
  }

  /** The line of a byte offset, counted from 1. */
  lineAt(offset: number): number {
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#lineStarts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  lineOf(node: RubyNode): number {
    return this.lineAt(node.location.startOffset)
  }

  /** The Ruby text of a node, as written. */
  slice(node: RubyNode): string {
    return this.text(node.location.startOffset, endOf(node))
  }

  /** The text between two byte offsets. */
  text(start: number, end: number): string {
    return this.#bytes.subarray(start, end).toString()
  }

  /** The comments that begin between two byte offsets. */
  commentsBetween(start: number, end: number): RubyComment[] {
    return this.comments.filter((comment) => comment.start >= start && comment.start < end)
  }

  #rejectErrors(result: ParseResult): void {
    const error = result.errors[0]
    if (!error) return
    const line = this.lineAt(error.location.startOffset)
    throw new BrokenRuby({ file: this.file, line, problem: error.message, source: this.#lineText(line) })
  }

  #lineText(line: number): string {
    return this.text(this.#lineStarts[line - 1]!, this.#lineStarts[line] ?? this.#bytes.length).trim()
  }

  #comment(start: number, end: number): RubyComment {
    const before = this.text(this.#lineStarts[this.lineAt(start) - 1]!, start)
    const raw = this.text(start, end)
    const text = raw.startsWith('=begin') ? raw.replace(/^=begin[^\n]*\n?|\n?=end[^\n]*\n?$/g, '') : raw.replace(/^#/, '')
    return { start, end, text: text.trimEnd(), trailing: before.trim() !== '' }
  }
}

/** Prism runs out of stack, in several ways, where code is nested thousands of levels deep; it can't be used again afterwards. */
function parsed(file: string, text: string): ParseResult {
  try {
    return parseRuby(text)
  } catch (error) {
    resetParser()
    throw new BrokenRuby({ file, line: 1, problem: 'the file is nested too deeply to be read', source: '' }, { cause: error })
  }
}

/** The byte offset behind a node. */
export function endOf(node: RubyNode): number {
  return node.location.startOffset + node.location.length
}
