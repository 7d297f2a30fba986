import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { actionMethods, compileAction, Controller, type ControllerClass } from '../../src/controller/index.ts'
import { type Block, blocksOf, repository } from '../documentation/blocks.ts'
import { serve } from './serving.ts'

const blocks = blocksOf('guides/how-to/port-a-controller.md').filter(({ language }) => language === 'ts')

/** The controllers of a block, by importing it. */
async function controllersOf({ text }: Block, folder: string): Promise<ControllerClass[]> {
  const file = join(folder, `block_${Math.random().toString(36).slice(2)}.ts`)
  writeFileSync(file, text.replaceAll("'regauge'", JSON.stringify(join(repository, 'src/index.ts'))))
  const exported: object = await import(pathToFileURL(file).href)
  return Object.values(exported).filter((one) => typeof one === 'function' && one.prototype instanceof Controller)
}

describe('the guide to porting a controller', () => {
  let folder: string
  before(() => {
    mkdirSync(join(repository, 'tmp'), { recursive: true })
    folder = mkdtempSync(join(repository, 'tmp', 'guide-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  for (const block of blocks) {
    it(`compiles every action of line ${block.line}`, async () => {
      const controllers = await controllersOf(block, folder)
      expect(controllers).to.have.length(1)
      for (const controller of controllers) for (const action of actionMethods(controller)) compileAction(controller, action)
    })
  }

  it('answers what it says', async () => {
    const answers = async (containing: string, target: string, init?: RequestInit) => {
      const [controller] = await controllersOf(blocks.find(({ text }) => text.includes(containing))!, folder)
      const serving = await serve(controller!, actionMethods(controller!))
      try {
        const { status, text } = await serving.get(target, init)
        return [status, text]
      } finally {
        await serving.close()
      }
    }
    const json = {
      method: 'POST',
      body: '{"article":{"title":"A","tags":["x"],"admin":true}}',
      headers: { 'content-type': 'application/json' },
    }
    expect(await answers('articleParams()', 'create', json)).to.deep.equal([201, '{"title":"A","tags":["x"]}'])
    expect(await answers('class PagesController', 'list')).to.deep.equal([200, '[{"id":1,"title":"Hello"}]'])
    expect(await answers('class PagesController', 'elsewhere?return_to=https://evil.example')).to.deep.equal([302, ''])
    expect(await answers('format.csv', 'show?format=csv')).to.deep.equal([200, 'title\nHello\n'])
    expect(await answers('addRenderer(', 'show')).to.deep.equal([200, 'total,3'])
    expect(await answers('class ExportsController', 'show')).to.deep.equal([200, '{"id":1}\n{"id":2}\n{"id":3}\n'])
    expect(await answers('class ExportsController', 'generated')).to.deep.equal([200, 'id,total\n1,3\n'])
    expect((await answers('class ApiController', 'create'))[0]).to.equal(401)
  })
})
