import { expect } from 'chai'
import { addRenderer, Controller, removeRenderer } from '../../src/controller/index.ts'
import { type Serving, serve } from './serving.ts'

declare module '../../src/controller/register.ts' {
  interface Renderers {
    csv: readonly (readonly unknown[])[]
    download: string
  }
}

class Reports extends Controller {
  csv() {
    this.render({ csv: [['a', 1]], separator: ';', status: 'created' })
  }
  named() {
    this.render({ csv: [['a', 1]], contentType: 'text/plain' })
  }
  download() {
    this.render({ download: 'data' })
  }
  mistyped() {
    // @ts-expect-error rows, not a text
    this.render({ csv: 'a;1' })
  }
}

describe('custom renderers', () => {
  let serving: Serving
  before(async () => {
    addRenderer('csv', (rows, options) => rows.map((row) => row.join(String(options['separator'] ?? ','))).join('\n'))
    addRenderer('download', function (data) {
      ;(this as Reports).sendData(data, { filename: 'data.txt' })
      return undefined
    })
    serving = await serve(Reports, ['csv', 'named', 'download'])
  })
  after(async () => {
    removeRenderer('csv')
    removeRenderer('download')
    await serving.close()
  })

  it('make a body of what render is given, with its options and the content type of their format', async () => {
    const answer = await serving.get('csv')
    expect(answer).to.include({ status: 201, text: 'a;1' })
    expect(answer.headers.get('content-type')).to.equal('text/csv; charset=utf-8')
    expect((await serving.get('named')).headers.get('content-type')).to.equal('text/plain; charset=utf-8')
  })

  it('may answer by themselves', async () => {
    const answer = await serving.get('download')
    expect(answer).to.include({ status: 200, text: 'data' })
    expect(answer.headers.get('content-disposition')).to.match(/^attachment; filename="data.txt"/)
  })
})
