import { expect } from 'chai'
import { portModels } from '../../../migrations/index.ts'
import { parses } from '../../../migrations/typescript/index.ts'
import { folderOf } from '../rails_app.ts'

/** What a port makes of the models of an application. */
export interface PortedModels extends Awaited<ReturnType<typeof portModels>> {
  /** The text of a file that was written, by its path. It parses, or the test fails. */
  textOf(path: string): string
}

/** Ports the models of a Rails application of some files, by their paths. */
export async function portedModels(ruby: Record<string, string>): Promise<PortedModels> {
  const result = await portModels(folderOf(ruby))
  return {
    ...result,
    textOf: (path) => {
      const { text } = result.files.find((file) => file.path === path)!
      expect(parses(text), text).to.equal(true)
      return text
    },
  }
}
