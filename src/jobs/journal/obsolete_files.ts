import fs from 'node:fs'

/** Files, and those that took their place. */
interface Replaced {
  readonly paths: string[]
  /** What must be on disk before they are deleted, where it may not be yet. */
  readonly by: readonly string[]
}

/** The files of a journal that nobody needs any more. They are deleted oldest first: a younger one may hold the removal of what an older one holds. */
export class ObsoleteFiles {
  readonly #replaced: Replaced[] = []
  #isDeleting = false
  #isLetGo = false

  /** @param paths oldest first
   *  @param by files that must be on disk before; none where writes bring them there */
  add(paths: readonly string[], by: readonly string[]): void {
    this.#replaced.push({ paths: [...paths], by })
    if (!this.#isDeleting) this.#delete()
  }

  /** Deletes none of them: the directory belongs to another process. */
  letGo(): void {
    this.#isLetGo = true
  }

  /** Deletes at once what is left of them. */
  finish(): void {
    for (const { paths, by } of this.#replaced) {
      for (const path of by) syncNow(path)
      for (const path of paths) fs.rmSync(path, { force: true })
    }
  }

  /** Where they can't be synced, they stay until there are more. */
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
    const [path] = first.paths
    if (path === undefined) {
      this.#replaced.shift()
      this.#delete()
    } else if (!this.#isLetGo) {
      fs.unlink(path, () => {
        first.paths.shift()
        this.#deleteNext(first)
      })
    }
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
