import type { JobFailure, StoredJob } from '../backend.ts'

/** Why a parent failed, told with the ids that its family has over there. One that nobody has any more is left out.
 * @param ids those of the family there, by the ids here */
export function movedFailure(
  error: JobFailure | undefined,
  members: readonly StoredJob[],
  ids: ReadonlyMap<string, string>,
): JobFailure | undefined {
  if (error?.name !== failureName) return error
  const message = movedMessage(error.message, members, ids)
  return { ...error, message, ...(error.stack !== undefined && { stack: error.stack.replace(error.message, () => message) }) }
}

const failureName = 'ChildFailed'

/** The child may have failed with one of its own. */
function movedMessage(message: string, members: readonly StoredJob[], ids: ReadonlyMap<string, string>): string {
  const child = members.find(({ name, id }) => message.startsWith(titleOf(name, id)))
  const before = child === undefined ? unknownTitle.exec(message)?.[0] : titleOf(child.name, child.id)
  if (before === undefined) return message
  const after = child === undefined ? before.replace(/ \([^()]*\) $/, ' ') : titleOf(child.name, ids.get(child.id)!)
  const reason = message.slice(before.length)
  if (!reason.startsWith(nested)) return after + reason
  return after + nested + movedMessage(reason.slice(nested.length), members, ids)
}

const nested = `failed with ${failureName}: `

/** How a message begins that names a child which isn't there any more. */
const unknownTitle = /^Its child .+? \([^()\s]+\) (?=was discarded$|failed with )/

function titleOf(name: string, id: string): string {
  return `Its child ${name} (${id}) `
}
