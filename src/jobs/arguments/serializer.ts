/** How values of a kind travel in a job: Active Job's ObjectSerializer.
 *
 * @example
 * addJobSerializers({
 *   name: 'MoneySerializer',
 *   matches: (value) => value instanceof Money,
 *   serialize: (money: Money) => ({ cents: money.cents }),
 *   deserialize: ({ cents }) => new Money(cents as number),
 * })
 */
export interface JobSerializer<T = never> {
  /** What `_aj_serialized` says. Rails' own names make values readable on both sides. */
  readonly name: string
  matches(value: object): boolean
  /** JSON fields that hold the value; `nested` serialises a value inside. */
  serialize(value: T, nested: (value: unknown, key: string) => unknown): Record<string, unknown>
  /** The value again; `nested` reads a value inside. */
  deserialize(fields: Readonly<Record<string, unknown>>, nested: (value: unknown) => unknown): unknown
}

/** A serializer, whatever it is for. */
export type AnyJobSerializer = JobSerializer<never>

const added: AnyJobSerializer[] = []

/** Teaches jobs to carry further kinds of values. Those added later are asked first. */
export function addJobSerializers(...serializers: AnyJobSerializer[]): void {
  for (const serializer of serializers) {
    const index = added.findIndex((known) => known.name === serializer.name)
    if (index >= 0) added.splice(index, 1)
    added.unshift(serializer)
  }
}

/** The serializers an application added, those to be asked first in front. */
export function addedSerializers(): readonly AnyJobSerializer[] {
  return added
}
