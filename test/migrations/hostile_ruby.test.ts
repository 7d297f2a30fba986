import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseSync } from 'oxc-parser'
import { BrokenRuby, portRoutes, portSchema } from '../../migrations/index.ts'
import { UnwritableOutput } from '../../migrations/errors.ts'
import { writeFiles } from '../../migrations/write_files.ts'
import { rejection } from '../model/rejection.ts'
import { folderOf, removeFolders, routesRb, schemaRb } from './rails_app.ts'

const routesOf = (body: string) => portRoutes(folderOf({ 'config/routes.rb': routesRb(body) })).files[0]!.text

/** The names of everything that the text calls. */
function called(text: string): Set<string> {
  const { program, errors } = parseSync('routes.ts', text)
  expect(errors).to.deep.equal([])
  const names = new Set<string>()
  JSON.stringify(program, (_, node) => {
    if (node?.type === 'CallExpression' && node.callee.type === 'Identifier') names.add(node.callee.name)
    return typeof node === 'bigint' ? String(node) : node
  })
  return names
}

describe('porting hostile Ruby', () => {
  afterEach(removeFolders)

  for (const [what, end] of Object.entries({
    'a carriage return': '\r',
    'a line separator': '\u2028',
    'a paragraph separator': '\u2029',
  })) {
    it(`keeps comments comments, whatever ${what} within them means to JavaScript`, () => {
      const text = routesOf(
        [
          `# one ${end}evil()`,
          `get 'a', to: 'b#c' # two ${end}evil()`,
          `unknown_macro "x ${end}evil()" # three ${end}evil()`,
          `if Some.thing("${end}); evil(); (")\nget 'd', to: 'e#f'\nend`,
          `constraints Admin.new("${end}evil()") do\nget 'g', to: 'h#i'\nend`,
        ].join('\n'),
      )
      expect(called(text)).not.to.include('evil')
    })
  }

  it('keeps texts and names texts and names', () => {
    const text = routesOf(
      [
        `get "/'); evil(); ('", to: "x#y", as: :"'); evil(); ('"`,
        'get "/`#{1}`${evil()}", to: "x#y"',
        `resources :"'); evil(); ('"`,
        'get "x", to: "y#z", constraints: { id: /`"\'[\\/]\\/(a)/ }',
        'get "y", to: "y#z", defaults: { "__proto__" => { "a" => "b" }, "evil()" => 1 }',
      ].join('\n'),
    )
    expect(called(text)).not.to.include('evil')
    expect(text).to.include("['__proto__']: { a: 'b' }")
  })

  it('draws no file outside of config/routes, and so writes none there', () => {
    const root = folderOf({
      'config/routes.rb': routesRb("draw '../../elsewhere'\ndraw :admin"),
      'config/routes/admin.rb': '',
      'elsewhere.rb': '',
    })
    const { files, rows } = portRoutes(root)
    expect(files.map(({ path }) => path)).to.deep.equal(['config/routes.ts', 'config/routes/admin.ts'])
    expect(rows.find(({ status }) => status === 'left')).to.include({ reason: 'the file lies outside of config/routes' })
  })

  it('writes nothing outside of the output folder', async () => {
    const root = folderOf({ 'out/x': '' })
    const error = await rejection(writeFiles(join(root, 'out'), [{ path: 'a/../../evil.ts', text: '' }]), UnwritableOutput)
    expect(error.message).to.include('leads out of the folder')
    expect(existsSync(join(root, 'evil.ts'))).to.equal(false)
  })

  it('says of a file nested thousands of levels deep that it is, and reads the next', () => {
    expect(() => routesOf(`get "a", to: ${'['.repeat(20_000)}${']'.repeat(20_000)}`)).to.throw(BrokenRuby, 'nested too deeply')
    expect(routesOf('get "a", to: "b#c"')).to.include("get('a', { to: 'b#c' })")
  })

  it('does not write out a range of a thousand million numbers', () => {
    expect(routesOf('LONG = (1..1_000_000_000).to_a\nget LONG.join, to: "b#c"')).to.be.a('string')
  })

  it('puts no line of a comment or a name into the schema as a declaration', () => {
    const root = folderOf({
      'db/schema.rb': schemaRb(`
        create_table "users\\"\\n  evil String\\nmodel Evil {", comment: "one\\r  evil String\\n  evil String" do |t|
          t.string "na me\\n evil String", comment: "two\\r  evil String"
        end
        create_table "123"
        unknown "x\r  evil String"`),
    })
    for (const { path, text } of portSchema(root).files) {
      const comment = path.endsWith('.sql') ? /^\s*--/ : /^\s*\/\//
      for (const line of text.split(/\r\n?|\n/)) expect(comment.test(line) || !/^\s*(evil|model [^A-Z])/.test(line), line).to.equal(true)
    }
  })
})
