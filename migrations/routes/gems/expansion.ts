/** What a call of a gem stands for. */
export interface Expansion {
  /** The same routes in Ruby of the routing DSL alone. */
  readonly ruby: string
  /** What a reader of the report should know. */
  readonly remark: string
}
