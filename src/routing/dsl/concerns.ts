import { didYouMean } from '../../naming/index.ts'
import type { Drawing } from './drawing.ts'
import { list } from './resource.ts'

/** Draws the named concerns here. */
export function drawConcerns(drawing: Drawing, names: string | readonly string[], options: Readonly<Record<string, unknown>>): void {
  for (const name of list(names)) {
    const concern = drawing.concerns.get(name)
    if (concern === undefined) drawing.fail(`No concern is named '${name}'.`, didYouMean(name, drawing.concerns.keys()))
    drawing.withoutCommonOptions(() => concern(options))
  }
}
