import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readOpenapiBlocks } from '../../../adapters/swagger/index.ts'
import { buildDocument } from '../../../src/openapi/index.ts'

describe('@openapi blocks', () => {
  let folder: string
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'blocks-')), 'app [new] (1)')
    await mkdir(folder)
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))

  const build = async (source: string) => {
    const file = join(folder, 'orders_controller.ts')
    await writeFile(file, source)
    const routes = [
      { verb: 'GET', path: '/orders', controller: 'orders', action: 'index' },
      { verb: 'POST', path: '/orders', controller: 'orders', action: 'create' },
    ]
    return buildDocument({ title: 'Shop', version: '1', routes, controllers: [{ name: 'orders', file }], readBlocks: readOpenapiBlocks })
  }

  it('win over what was derived, and leave the rest of it', async () => {
    const { document, warnings } = await build(`export class OrdersController {
      /**
       * Derived summary.
       * @openapi
       * /orders:
       *   get:
       *     summary: Written summary
       *     responses:
       *       200:
       *         description: All of them
       *         content:
       *           application/json:
       *             schema: { $ref: '#/components/schemas/Written' }
       * components:
       *   schemas:
       *     Written: { type: object }
       */
      index() { this.params.get('q') }
      create() {}
    }`)
    expect(warnings).to.deep.equal([])
    const { get, post } = document.paths['/orders'] ?? {}
    expect(get).to.deep.include({ summary: 'Written summary', operationId: 'ordersIndex' })
    expect(get?.parameters).to.deep.equal([{ name: 'q', in: 'query', schema: { type: 'string' } }])
    expect(Object.keys(get?.responses ?? {})).to.deep.equal(['200'])
    expect(post?.summary).to.equal('Create order')
    expect(document.components?.schemas).to.deep.equal({ Written: { type: 'object' } })
  })

  it('may describe paths that no route has', async () => {
    const { document } = await build(`export class OrdersController {}
      /** @openapi
       * /elsewhere:
       *   get:
       *     responses:
       *       200: { description: Elsewhere } */`)
    expect(document.paths['/elsewhere']?.get?.responses).to.deep.equal({ '200': { description: 'Elsewhere' } })
  })

  it('with broken YAML are a warning', async () => {
    const { document, warnings } = await build(`export class OrdersController {
      /** @openapi
       * /orders:
       *   get: [unfinished
       */
      index() {}
    }`)
    expect(Object.keys(document.paths)).to.deep.equal(['/orders'])
    expect(warnings).to.have.length(1)
    expect(warnings[0]).to.deep.include({ line: 2 })
    expect(warnings[0]?.message).to.contain('@openapi')
  })
})
