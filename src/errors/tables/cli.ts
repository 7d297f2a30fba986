import { row } from '../row.ts'

const forbidden = { reason: 'this user may not do that', hint: 'Choose another folder, or get the right to write to this one.' }
const inTheWay = { reason: 'a file, or a link to nothing, is in the way', hint: 'Move away what is there, or choose another folder.' }
const full = { reason: 'there is no room left', hint: 'Make room, remove what was made of the folder, and try again.' }

/** What a refusal of the system means for who wants to write a file, and what to do about it. */
const refusals: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { reason: 'its file system can only be read', hint: 'Choose a folder of another file system.' },
  ENOENT: { reason: 'no folder can be made there', hint: 'Choose another folder.' },
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  ELOOP: { reason: 'its links lead in a circle', hint: 'Mend the links, or choose another folder.' },
  ENOSPC: full,
  EDQUOT: full,
  ENAMETOOLONG: { reason: 'its name is too long', hint: 'Choose a shorter name.' },
}

/** Errors of the command line. */
export const cliErrors = {
  REGAUGE_FOLDER_EXISTS: row(
    500,
    (d: { folder: string }) => `${d.folder} exists already and is not empty.`,
    'Choose another name, or empty the folder.',
  ),
  REGAUGE_INVALID_NAME: row(
    500,
    (d: { name: string }) => `'${d.name}' is no name for an application.`,
    'Use letters, digits, - and _, beginning with a letter.',
  ),
  REGAUGE_FILE_NOT_WRITTEN: row(
    500,
    (d: { path: string; code: string }) => `${d.path} can't be written: ${refusals[d.code]?.reason ?? 'the system refused'} (${d.code}).`,
    ({ code }) => refusals[code]?.hint ?? 'Choose another folder.',
  ),
  REGAUGE_SEEDS_MISSING: row(
    500,
    (d: { file: string }) => `${d.file} doesn't exist.`,
    'Write it: its default export is a function that creates records.',
  ),
  REGAUGE_CONFIRMATION_MISSING: row(500, (d: { action: string }) => `This would ${d.action}.`, 'Say so with --force.'),
  REGAUGE_MISSING_EDITOR: row(
    500,
    (_details: Record<never, never>) => 'There is no editor: neither VISUAL nor EDITOR is set.',
    'Set one that waits until the file is closed: EDITOR="code --wait" regauge credentials:edit',
  ),
  REGAUGE_EDITOR_FAILED: row(500, (d: { reason: string }) => `The editor ${d.reason}: nothing was saved.`),
  REGAUGE_FILE_DIFFERS: row(
    409,
    (d: { file: string }) => `${d.file} exists already and differs from what would be written.`,
    '--force overwrites it, --print shows what would be written.',
  ),
  REGAUGE_INVALID_MODEL_DESCRIPTION: row(
    500,
    (d: { word: string; reason: string }) => `'${d.word}' ${d.reason}.`,
    "For example: regauge generate model Article 'title:string!{80}:uniq' 'price:decimal{8,2}' author:references",
  ),
  REGAUGE_MODEL_EXISTS: row(
    409,
    (d: { name: string; file: string }) => `There is ${d.name} in ${d.file} already.`,
    'Choose another name, or add to what is there by hand.',
  ),
} as const
