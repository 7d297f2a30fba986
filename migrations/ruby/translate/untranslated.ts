import type { RubyNode } from '../nodes.ts'

/** Ruby that has no translation: where it stands, and why. */
export class Untranslated extends Error {
  readonly node: RubyNode
  constructor(node: RubyNode, reason: string) {
    super(reason)
    this.node = node
  }
}
