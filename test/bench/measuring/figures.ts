/** Some figures of one kind. */
export interface FigureCase {
  readonly name: string
  measure(): Promise<readonly Figure[]>
}

/** A figure that is no speed: how much memory something takes, how long a start. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it should be. */
  readonly aim?: string
}
