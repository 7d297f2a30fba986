/** What a call of a gem stands for. */
export interface Expansion {
  /** The same routes in Ruby of the routing DSL alone. */
  readonly ruby: string
  /** Routes that stand outside of all scopes, wherever the call stands. */
  readonly outside?: string
  /** The gem whose routes they are. */
  readonly gem: string
  /** The gem that adds a part of them, by the text that the part begins with. */
  readonly parts?: Readonly<Record<string, string>>
  /** What a reader of the report should know. */
  readonly remark: string
}
