import { expect } from 'chai'
import { join } from 'node:path'
import { differencesFor } from '../goldens/differences.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { run as runCallbacks } from '../goldens/runners/callbacks.ts'
import { run as runRendering } from '../goldens/runners/rendering.ts'
import { run as runStrongParams } from '../goldens/runners/strong_params.ts'

describe('controllers, against what Action Controller did', () => {
  const failures = async (name: string, run: (golden: never) => Promise<{ passed: number; failed: { id: string; reason: string }[] }>) => {
    const { passed, failed } = await run((await readGolden(join(import.meta.dirname, `../goldens/rails/${name}.json.gz`))) as never)
    const differences = differencesFor(name)
    return { passed, failed: failed.filter(({ id }) => !(id in differences)) }
  }

  it('permit, require and expect parameters as recorded, but for the listed differences', async () => {
    expect((await failures('strong_params', runStrongParams)).failed).to.deep.equal([])
  })

  it('run callbacks and rescue handlers as recorded, but for the listed differences', async () => {
    expect((await failures('callbacks', runCallbacks)).failed).to.deep.equal([])
  })

  it('render, redirect, stream, negotiate and authenticate as recorded, but for the listed differences', async () => {
    for (const name of ['rendering', 'rendering_more']) expect((await failures(name, runRendering)).failed, name).to.deep.equal([])
  })
})
