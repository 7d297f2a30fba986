import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { EditorFailed, MissingEditor } from './errors.ts'
import { shellWords } from './shell_words.ts'

/** Lets a text be edited in `$VISUAL` or `$EDITOR`: in a file that this user alone can read, and that is gone afterwards, with whatever the editor left
 * beside it.
 *
 * @param name of the file, from which editors know the language
 * @returns the text that was saved
 * @throws MissingEditor
 * @throws EditorFailed when the editor, or this process, was ended by a signal, or the editor by an error
 */
export async function editText(text: string, name: string): Promise<string> {
  const editor = process.env['VISUAL'] || process.env['EDITOR']
  if (!editor) throw new MissingEditor({})
  const folder = mkdtempSync(join(tmpdir(), 'regauge-edit-')) // of mode 0700
  try {
    const file = join(folder, name)
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
    await runEditor(editor, file)
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The signals that would end this process without an end of the file. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function runEditor(editor: string, file: string): Promise<void> {
  const [program = editor, ...words] = shellWords(editor)
  let child: ChildProcess | undefined
  let received: NodeJS.Signals | undefined
  const forward = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT') return // of the terminal: the editor has it too, and may have another use for it
    received = signal
    child?.kill(signal)
  }
  // Before the editor begins: a signal that comes at once would end this process alone, and leave the editor and the file.
  for (const signal of signals) process.on(signal, forward)
  try {
    child = spawn(program, [...words, file], { stdio: 'inherit' })
    await ended(child, () => received)
  } finally {
    for (const signal of signals) process.off(signal, forward)
  }
}

function ended(child: ChildProcess, received: () => NodeJS.Signals | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new EditorFailed({ reason: `can't be started (${error.message})` })))
    child.once('close', (status, signal) => {
      const reason = reasonOf(status, signal ?? received())
      if (reason === undefined) resolve()
      else reject(new EditorFailed({ reason }))
    })
  })
}

function reasonOf(status: number | null, signal: NodeJS.Signals | undefined): string | undefined {
  const interrupted = status === 128 + constants.signals.SIGINT ? 'SIGINT' : signal
  if (interrupted !== undefined) return `was ended by ${interrupted}`
  return status === 0 ? undefined : `ended with status ${status}`
}
