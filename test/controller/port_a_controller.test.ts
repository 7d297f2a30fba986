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
    const checkout = {
      ...json,
      body: '{"order":{"email":"a@b","line_items":[{"sku":"x","price":0}],"payments":[{"amount":5,"source":{"number":"4","evil":1}}]}}',
    }
    expect(JSON.parse((await answers('class CheckoutsController', 'create', checkout))[1] as string)).to.deep.equal({
      email: 'a@b',
      line_items_attributes: [{ sku: 'x' }],
      payments_attributes: [{ amount: 5, source_attributes: { number: '4' } }],
    })
    expect(await answers('class BoardsController', 'show?id=1')).to.deep.equal([200, '{"name":"Plans","color":"red"}'])
    expect((await answers('class BoardsController', 'show?id=2'))[0]).to.equal(404)
    const board = { ...json, body: '{"board":{"name":"A","color":"b","evil":1}}' }
    expect(await answers('class BoardsController', 'update', board)).to.deep.equal([200, '{"name":"A","color":"b"}'])
    expect(await answers('class SavedOrdersController', 'create?format=json')).to.deep.equal([422, '{"total":["can\'t be blank"]}'])
    expect(await answers('class SavedOrdersController', 'renderForbidden?format=csv')).to.deep.equal([403, 'forbidden'])
    expect((await answers('class PaymentsController', 'create'))[0]).to.equal(502)
    expect((await answers('class ApiController', 'create'))[0]).to.equal(401)
  })
})
