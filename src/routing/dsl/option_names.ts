import type { Drawing } from './drawing.ts'

const options = [
  'path', 'shallowPath', 'as', 'shallowPrefix', 'module', 'controller', 'action', 'pathNames', 'constraints', 'shallow', 'defaults', 'via', 'format', 'to',
  'on', 'only', 'except', 'anchor', 'concerns', 'param',
] // biome-ignore format: one list

/** Refuses options in Rails' spelling: any other key is a default, so they would be lost in silence. */
export function refuseRubySpelling(drawing: Drawing, given: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(given)) {
    if (!key.includes('_')) continue
    const meant = options.find((option) => option.toLowerCase() === key.replaceAll('_', ''))
    if (meant !== undefined) drawing.fail(`'${key}' isn't an option here.`, meant)
  }
}
