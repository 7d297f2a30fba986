import { expect } from 'chai'
import { portRoutes } from '../../../migrations/index.ts'
import { blocksOf } from '../../documentation/blocks.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const page = 'guides/how-to/port-your-routes.md'
/** The model that the page speaks of. */
const user = 'class User < ApplicationRecord\n  devise :database_authenticatable, :recoverable\nend\n'
const pages = 'about: { menu: true }\nterms: { menu: false }\n'

describe('the guide to porting routes', () => {
  afterEach(removeFolders)

  const blocks = blocksOf(page).filter(({ language }) => language === 'ruby' || language === 'ts')

  it('shows the TypeScript of every Ruby block', () => {
    expect(blocks.map(({ language }) => language)).to.deep.equal(Array.from({ length: 15 }, () => ['ruby', 'ts']).flat())
  })

  for (const [index, block] of blocks.entries()) {
    if (block.language !== 'ruby') continue
    it(`shows what the porter writes for line ${block.line}`, () => {
      const root = folderOf({ 'config/routes.rb': routesRb(block.text), 'app/models/user.rb': user, 'config/pages.yml': pages })
      expect(portRoutes(root).files[0]!.text.trimEnd()).to.equal(blocks[index + 1]?.text)
    })
  }
})
