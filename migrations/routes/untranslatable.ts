import type { RubyNode } from '../ruby/index.ts'

/** Thrown when a piece of Ruby has no counterpart here; the statement around it goes out as a comment. */
export class Untranslatable extends Error {
  readonly node: RubyNode
  constructor(node: RubyNode, reason: string) {
    super(reason)
    this.node = node
  }
}
