import type { NewEntry } from './adding/entries.ts'

/** A job that is added with others, and where among them its parent is. */
export interface FamilyMember {
  readonly entry: NewEntry
  readonly parent: number | undefined
}

/** Whether a new job has children, which are to be stored with it. */
export function hasChildren({ constraints }: NewEntry): boolean {
  return constraints?.children !== undefined
}

/** Jobs with all their children, level by level: the jobs themselves come first. */
export function familyMembers(entries: readonly NewEntry[]): readonly FamilyMember[] {
  const members: FamilyMember[] = entries.map((entry) => ({ entry, parent: undefined }))
  for (let index = 0; index < members.length; index++) {
    for (const entry of members[index]!.entry.constraints?.children?.jobs ?? []) members.push({ entry, parent: index })
  }
  return members
}
