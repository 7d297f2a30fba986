import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { Job } from '../../src/jobs/index.ts'
import { jobStage } from './job_stage.ts'

describe('Keys of unique jobs', () => {
  const { stage } = jobStage()

  it('are the same in whatever order an object has its keys', async () => {
    class Sync extends Job {
      static {
        this.unique()
      }
      perform(_options: object) {}
    }
    class SyncBy extends Sync {
      static {
        this.unique({ key: (options) => options })
      }
    }
    for (const one of [Sync, SyncBy]) {
      expect(await one.performAsync({ user: { id: 1, name: 'ann' }, tags: ['a', 'b'] })).to.be.a('string')
      expect(await one.performAsync({ tags: ['a', 'b'], user: { name: 'ann', id: 1 } })).to.equal(null)
      expect(await one.performAsync({ tags: ['b', 'a'], user: { name: 'ann', id: 1 } })).to.be.a('string')
    }
  })

  it('are those of versions before where the keys of objects are in order', async () => {
    class Sync extends Job {
      static {
        this.unique()
      }
      perform(_options: object) {}
    }
    await Sync.performLater({ a: 2, b: 1 })
    const [stored] = await stage.backend.list('waiting')
    const before = createHash('sha256').update('["default",[{"a":2,"b":1,"_aj_symbol_keys":["a","b"]}]]').digest('base64url')
    expect(stored!.constraints!.unique!.key).to.equal(`Sync/${before}`)
  })
})
