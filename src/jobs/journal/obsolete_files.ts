import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Segment } from './segment.ts'

/** A file, and whether it is to be put into quarantine instead of being deleted. */
type ObsoleteFile = Pick<Segment, 'path' | 'isDamaged'>

/** Files, and those that took their place. */
interface Replaced {
  readonly files: ObsoleteFile[]
  /** What must be on disk before they are deleted, where it may not be yet. */
  readonly by: readonly string[]
}

/** The files of a journal that nobody needs any more. They are deleted oldest first: a younger one may hold the removal of what an older one holds. */
export class ObsoleteFiles {
  readonly #replaced: Replaced[] = []
  #isDeleting = false
  #isLetGo = false

  /** @param files oldest first
   *  @param by files that must be on disk before; none where writes bring them there */
  add(files: readonly ObsoleteFile[], by: readonly string[]): void {
    this.#replaced.push({ files: [...files], by })
    if (!this.#isDeleting) this.#delete()
  }

  /** Deletes none of them: the directory belongs to another process. */
  letGo(): void {
    this.#isLetGo = true
  }

  /** Deletes at once what is left of them. */
  finish(): void {
    for (const { files, by } of this.#replaced) {
      for (const path of by) syncNow(path)
      for (const { path, isDamaged } of files) {
        if (isDamaged) quarantineNow(path)
        else fs.rmSync(path, { force: true })
      }
    }
  }

  /** Where they can't be synced or deleted, they stay until there are more. */
  #delete(): void {
    const [first] = this.#replaced
    this.#isDeleting = first !== undefined && !this.#isLetGo
    if (first === undefined || !this.#isDeleting) return
    syncFiles(first.by, (error) => {
      if (error === null) this.#deleteNext(first)
      else this.#isDeleting = false
    })
  }

  #deleteNext(first: Replaced): void {
    const [file] = first.files
    if (file === undefined) {
      this.#replaced.shift()
      this.#delete()
    } else if (!this.#isLetGo) {
      const done = (error: NodeJS.ErrnoException | null): void => {
        if (error !== null && error.code !== 'ENOENT') this.#isDeleting = false
        else {
          first.files.shift()
          this.#deleteNext(first)
        }
      }
      if (file.isDamaged) quarantine(file.path, done)
      else fs.unlink(file.path, done)
    }
  }
}

/** Where what can't be read is kept. */
function placeInQuarantine(path: string): { readonly folder: string; readonly place: string } {
  const folder = join(dirname(path), 'quarantine')
  return { folder, place: join(folder, basename(path)) }
}

function quarantine(path: string, done: (error: NodeJS.ErrnoException | null) => void): void {
  const { folder, place } = placeInQuarantine(path)
  fs.mkdir(folder, { recursive: true, mode: 0o700 }, (error) => {
    if (error !== null) done(error)
    else fs.rename(path, place, done)
  })
}

/** The file may be there by now: whoever began to put it there is only told later. */
function quarantineNow(path: string): void {
  const { folder, place } = placeInQuarantine(path)
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    fs.renameSync(path, place)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Brings what was written to files to disk, one after the other. */
export function syncFiles([path, ...others]: readonly string[], done: (error: Error | null) => void): void {
  if (path === undefined) {
    done(null)
    return
  }
  fs.open(path, 'r+', (error, file) => {
    if (error !== null) {
      done(error)
      return
    }
    fs.fdatasync(file, (syncError) => {
      fs.close(file, () => {})
      if (syncError !== null) done(syncError)
      else syncFiles(others, done)
    })
  })
}

function syncNow(path: string): void {
  const file = fs.openSync(path, 'r+')
  try {
    fs.fdatasyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}
