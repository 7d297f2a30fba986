import { expect } from 'chai'
import { portModels, portSchema } from '../../../migrations/index.ts'
import { blocksOf } from '../../documentation/blocks.ts'
import { columns, extra } from './guide_application.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

describe('the guides to porting models and schemas', () => {
  afterEach(removeFolders)

  const models = blocksOf('guides/how-to/port-your-models.md').filter(({ language }) => language === 'ruby' || language === 'ts')
  for (const [index, block] of models.entries()) {
    if (block.language !== 'ruby') continue
    it(`shows the model of line ${block.line} as the porter writes it`, async () => {
      const root = folderOf({ 'db/schema.rb': schemaRb(columns), 'app/models/post.rb': block.text, ...extra })
      const post = (await portModels(root)).files.find(({ path }) => path === 'app/models/post.ts')!
      expect(post.text.trimEnd()).to.equal(models[index + 1]!.text)
    })
  }

  const schemas = blocksOf('guides/how-to/port-your-schema.md').filter(({ language }) => ['ruby', 'prisma', 'text'].includes(language))
  for (const [index, block] of schemas.entries()) {
    if (block.language !== 'ruby') continue
    it(`shows the schema of line ${block.line} as the porter writes it`, () => {
      const { files } = portSchema(folderOf({ 'db/schema.rb': schemaRb(block.text) }))
      expect(files.map(({ text }) => text.trimEnd())).to.include(schemas[index + 1]!.text)
    })
  }
})
