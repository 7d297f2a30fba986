import { expect } from 'chai'
import { crashRun } from './crash_run.ts'

const kills = Number(process.env['CRASH_KILLS'] ?? 4)

describe('a queue that four processes share', () => {
  it(`runs every acknowledged job at least once, over ${kills} kills of any of them under load`, async function () {
    this.timeout(60_000 + kills * 20_000)
    const { lost, failed, ended, acknowledged, ownersKilled, complaints } = await crashRun(kills, 'nothing')
    expect({ lost, failed, ended, complaints }).to.deep.equal({ lost: [], failed: 0, ended: 0, complaints: [] })
    expect(acknowledged).to.be.greaterThan(0)
    expect(ownersKilled).to.be.greaterThan(0)
  })

  for (const trouble of ['truncated', 'flipped'] as const) {
    it(`loses nothing but what was hit when the journal is ${trouble}`, async function () {
      this.timeout(60_000 + kills * 20_000)
      const { lost, failed } = await crashRun(Math.max(kills, 5), trouble)
      expect({ lost, failed }).to.deep.equal({ lost: [], failed: 0 })
    })
  }

  it('loses nothing that was acknowledged while the disk is full time and again', async function () {
    this.timeout(60_000 + kills * 20_000)
    const { lost, failed, refused, complaints } = await crashRun(Math.min(kills, 50), 'full')
    expect({ lost, failed, complaints }).to.deep.equal({ lost: [], failed: 0, complaints: [] })
    expect(refused).to.be.greaterThan(0)
  })
})
