import fs from 'node:fs'

/** So many bytes are left for others. */
const reserve = 1024 * 1024

/** Whether so many bytes can be written to a directory; true where nobody says. */
export function hasRoomFor(directory: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = fs.statfsSync(directory)
    return bavail * bsize >= bytes + reserve
  } catch {
    return true
  }
}
