import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { UnwritableOutput } from './errors.ts'
import type { PortedFile } from './ported_file.ts'

interface Staged {
  readonly file: PortedFile
  readonly target: string
  readonly temporary: string
  readonly before: Buffer | undefined
}

/** Writes all files, or none: each is written beside its target first, and moved when all are.
 *
 * @param root the folder that the files' paths begin at; made when missing
 * @throws UnwritableOutput (REGAUGE_UNWRITABLE_OUTPUT) with the path and the system's reason
 */
export async function writeFiles(root: string, files: readonly PortedFile[]): Promise<void> {
  const staged: Staged[] = []
  const folders: string[] = []
  const moved: Staged[] = []
  let current = ''
  try {
    for (const file of files) {
      current = file.path
      if (normalize(file.path).startsWith('..')) throw new Error('the path leads out of the folder')
      const target = join(root, file.path)
      const made = await mkdir(dirname(target), { recursive: true })
      if (made !== undefined) folders.push(made)
      const entry = { file, target, temporary: `${target}.${randomUUID()}.tmp`, before: await contents(target) }
      staged.push(entry)
      await writeFile(entry.temporary, file.text)
    }
    for (const entry of staged) {
      current = entry.file.path
      await rename(entry.temporary, entry.target)
      moved.push(entry)
    }
  } catch (error) {
    await restore(staged, moved, folders)
    throw new UnwritableOutput({ file: join(root, current), reason: reasonOf(error) }, { cause: error })
  }
}

async function restore(staged: readonly Staged[], moved: readonly Staged[], folders: readonly string[]): Promise<void> {
  for (const { target, before } of moved) await (before === undefined ? rm(target, { force: true }) : writeFile(target, before))
  for (const { temporary } of staged) await rm(temporary, { force: true }).catch(() => undefined)
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}

async function contents(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of its path is a file',
    EISDIR: 'it is a folder',
    EEXIST: 'a part of its path is a file',
  }
  return reasons[code ?? ''] ?? message
}
