import { expect } from 'chai'
import { drawPortedRoutes, portRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const asked = (joint: string) =>
  ['first', 'second', 'third'].map((name) => `ENV["A_${name.toUpperCase()}_NAME_THAT_IS_LONG"] == "a ${joint} (${name}"`).join(` ${joint} `)

describe('conditions too long for a line', () => {
  afterEach(removeFolders)

  for (const joint of ['&&', '||']) {
    it(`have a line for each part that ${joint} joins`, async () => {
      const root = folderOf({ 'config/routes.rb': routesRb(`if ${asked(joint)}\n  get "live", to: "a#b"\nend\nget "all", to: "a#c"`) })
      const { text } = portRoutes(root).files[0]!
      const lines = text.split('\n')
      expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(140)
      const start = lines.findIndex((line) => line.trim() === 'if (')
      expect(
        lines.slice(start + 1, start + 5).map((line) => line.trim().replace(/^.*(FIRST|SECOND|THIRD).*?(&&|\|\|)?$/, '$1 $2')),
      ).to.deep.equal([`FIRST ${joint}`, `SECOND ${joint}`, 'THIRD ', ') {'])
      expect((await drawPortedRoutes(root)).map(({ path }) => path)).to.deep.equal(['/all(.:format)'])
    })
  }

  it('stay on a line where nothing joins them', () => {
    const root = folderOf({ 'config/routes.rb': routesRb(`if ENV["${'A'.repeat(150)}"]\n  get "live", to: "a#b"\nend`) })
    expect(portRoutes(root).files[0]!.text).to.match(/^ *if \([^\n]*A{150}[^\n]*\) \{$/m)
  })
})
