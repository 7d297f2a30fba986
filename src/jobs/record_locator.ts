/** How jobs carry records: by GlobalID (`gid://application/Class/id`). The application gives one over its models. */
export interface RecordLocator {
  /** The GlobalID of a record; null for a record that has no id yet; undefined for what is no record. */
  identify(value: object): string | null | undefined
  /** The record; null when the id is no GlobalID. Rejects when the record doesn't exist. */
  locate(globalId: string): Promise<object | null>
}
