import fs from 'node:fs'

/** The start of a process since boot, from Linux' /proc, with the boot's id; undefined elsewhere. A zombie counts as dead. */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'zombie' : `${bootId()}/${fields[19]}`
  } catch {
    return undefined
  }
}

/** Where the pids of this process' system mean what they mean here: the boot of a kernel, and the container. Containers may share a host name, and each
 * counts its processes from 1. Undefined where the system doesn't say. */
export const pidSpace: string | undefined = ownSpace()

function ownSpace(): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return `${bootId()}/${fs.readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return undefined
  }
}

function bootId(): string {
  return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
