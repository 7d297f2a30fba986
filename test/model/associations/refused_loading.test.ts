import { expect } from 'chai'
import { bindModels, StrictLoadingViolation, SubclassNotFound } from '../../../src/model/index.ts'
import { BlogModel, blogModels, blogSchema, Post } from '../blog_models.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

describe('loading that is refused', () => {
  const test = boundDatabase(blogModels, () => testDatabase(blogSchema))

  it('leaves nothing of a row whose class is not there to the next record', async () => {
    await Post.createOrThrow({ title: 'odd' })
    await Post.updateAll({ type: 'Nowhere' })
    await rejection(Post.first(), SubclassNotFound)
    const next = new Post({ title: 'next' })
    expect([next.id, next.title, next.isNewRecord()]).to.deep.equal([null, 'next', true])
    await Post.deleteAll()
  })

  it('is that of an association that is declared so, unless it was included', async () => {
    class Strict extends BlogModel('Post') {
      static {
        this.hasMany('remarks', { strictLoading: true, foreignKey: 'post_id' })
        this.belongsTo('author', { optional: true })
      }
    }
    bindModels([Strict], test().database, test().metadata)
    const post = await Strict.createOrThrow({ title: 'x' })
    await rejection(Promise.resolve(post.remarks), StrictLoadingViolation)
    expect(await post.author).to.equal(null)
    expect((await Strict.includes('remarks').find(post.id)).remarks.length).to.equal(0)
  })
})
