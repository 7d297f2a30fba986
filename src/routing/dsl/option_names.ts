import type { ParsedPath } from '../path/parsed_path.ts'
import type { Drawing } from './drawing.ts'

const options = new Set([
  'path', 'shallowPath', 'as', 'shallowPrefix', 'module', 'controller', 'action', 'pathNames', 'constraints', 'shallow', 'defaults', 'via', 'format', 'to',
  'on', 'only', 'except', 'anchor', 'concerns', 'param',
]) // biome-ignore format: one list

/** Near an option, but words in their own right, which routes files use as defaults. */
const ownWords = new Set(['formats', 'model', 'accept', 'patch', 'constraint'])

/** Refuses options in Rails' spelling, and those one letter away from an option: any other key is a default, so they would be lost in silence.
 *
 * @param path its names are no options: a key may be any of them
 */
export function refuseMistypedOptions(drawing: Drawing, given: Readonly<Record<string, unknown>>, path?: ParsedPath): void {
  for (const key in given) {
    if (options.has(key) || path?.has(key) || ownWords.has(key) || given[key] instanceof RegExp) continue
    const meant = [...options].find((option) => isMistyped(key, option))
    if (meant !== undefined)
      drawing.fail(`'${key}' isn't an option here; a default of that name is written defaults: { ${key}: … }.`, meant)
  }
}

function isMistyped(key: string, option: string): boolean {
  if (key.replaceAll('_', '').toLowerCase() === option.toLowerCase()) return true
  return key.length > 2 && option.length > 3 && isOneEditApart(key, option)
}

/** Whether one letter inserted, left out or replaced, or two neighbours swapped, make one text of the other. */
function isOneEditApart(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  const [restOfA, restOfB] = [a.slice(start), b.slice(start)]
  const isSwapped = restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0] && restOfA.slice(2) === restOfB.slice(2)
  return isSwapped || restOfA.slice(1) === restOfB || restOfA === restOfB.slice(1) || restOfA.slice(1) === restOfB.slice(1)
}
