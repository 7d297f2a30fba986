import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'

interface Span {
  readonly name: string
  readonly id: string
  readonly traceId: string
  readonly parentId?: string
  readonly links: readonly string[]
  readonly exceptions: readonly string[]
}

describe('jobs that OpenTelemetry traces', () => {
  async function recorded(propagation: string): Promise<Span[]> {
    const child = fork(join(import.meta.dirname, 'traced_jobs.mjs'), [propagation], {
      execArgv: ['--conditions=regauge-source', '--import', 'tsx'],
    })
    const ended = once(child, 'exit')
    const [spans] = (await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error('it ended')))])) as [Span[]]
    await ended
    return spans
  }

  it('are part of the trace of the request, with what is done inside of them', async () => {
    const spans = await recorded('child')
    const names = new Map(spans.map(({ id, name }) => [id, name]))
    expect(new Set(spans.map(({ traceId }) => traceId)).size).to.equal(1)
    expect(spans.map(({ name, parentId = '', exceptions }) => [name, names.get(parentId), exceptions])).to.deep.equal([
      ['default publish', 'request', []],
      ['request', undefined, []],
      ['inside', 'default process', []],
      ['default process', 'default publish', ['no address']],
    ])
  })

  it('are linked to it when they have a trace of their own', async () => {
    const [publish, request, , perform] = await recorded('link')
    expect(publish!.traceId).to.equal(request!.traceId).and.not.equal(perform!.traceId)
    expect([perform!.parentId, perform!.links]).to.deep.equal([undefined, [publish!.id]])
  })
})
