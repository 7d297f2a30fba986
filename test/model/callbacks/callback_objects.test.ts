import { expect } from 'chai'
import { bindModels, InvalidArgument, listCallbacks } from '../../../src/model/index.ts'
import { BlogModel, blogModels, blogSchema } from '../blog_models.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const log: string[] = []

describe('callbacks that are objects, skipped and set by name', () => {
  let test: TestDatabase

  class Auditing {
    readonly prefix: string
    constructor(prefix: string) {
      this.prefix = prefix
    }
    beforeSave(post: { title: string }) {
      log.push(`${this.prefix} before ${post.title}`)
    }
    async aroundSave(_post: object, proceed: () => Promise<unknown>) {
      log.push(`${this.prefix} in`)
      await proceed()
      log.push(`${this.prefix} out`)
    }
    afterCommit() {
      log.push(`${this.prefix} commit`)
    }
  }
  class Counting {
    static afterCreate(post: { title: string }) {
      log.push(`created ${post.title}`)
    }
  }
  const auditing = new Auditing('audit')

  class Post extends BlogModel('Post') {
    static {
      this.beforeSave(auditing)
      this.aroundSave(auditing, { if: (post) => post.title !== 'plain' })
      this.afterCreate(Counting)
      this.afterCreateCommit(auditing)
      this.beforeSave('first', 'second')
      this.afterSave(() => log.push('saved'))
    }
    first() {
      log.push('first')
    }
    second() {
      log.push('second')
    }
  }
  class Import extends Post {
    static {
      this.skipCallback('save', 'before', 'first')
      this.skipCallback('save', 'before', 'second', { if: (post) => post.views > 0 })
      this.skipCallback('save', 'around', auditing)
    }
  }
  class Bare extends Post {
    static {
      this.resetCallbacks('save')
      this.setCallback('save', 'before', 'second')
      this.setCallback('save', 'after', () => log.push('bare'))
    }
  }
  class Reordered extends Post {
    static {
      this.beforeSave('first')
    }
  }
  class Enclosed extends BlogModel('Post') {
    static {
      this.afterSave(() => log.push('inside'))
      this.aroundSave(
        async (_post, proceed) => {
          log.push('in')
          await proceed()
          log.push('out')
        },
        { prepend: true },
      )
      this.afterSave(() => log.push('outside'))
    }
  }

  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels([...blogModels, Post, Import, Bare, Reordered, Enclosed], test.database, test.metadata)
  })
  after(() => test.close())
  beforeEach(() => {
    log.length = 0
  })

  it('call the method of an object or class that has the name of the macro', async () => {
    await Post.createOrThrow({ title: 'x' })
    expect(log).to.deep.equal(['audit before x', 'audit in', 'first', 'second', 'created x', 'audit out', 'saved', 'audit commit'])
    log.length = 0
    await Post.createOrThrow({ title: 'plain' })
    expect(log).to.not.include('audit in')
  })

  it('are listed by the name of the class', () => {
    const listed = listCallbacks(Post).map(({ position, event, callback }) => `${position} ${event} ${callback}`)
    expect(listed).to.include.members(['before save Auditing', 'after create Counting'])
  })

  it('are left out below a class, or where a condition holds', async () => {
    await Import.createOrThrow({ title: 'x' })
    expect(log).to.deep.equal(['audit before x', 'second', 'created x', 'saved', 'audit commit'])
    log.length = 0
    await Import.createOrThrow({ title: 'y', views: 1 })
    expect(log).to.deep.equal(['audit before y', 'created y', 'saved', 'audit commit'])
  })

  it('are all left out, and declared by the name of the event', async () => {
    await Bare.createOrThrow({ title: 'x' })
    expect(log).to.deep.equal(['second', 'created x', 'bare', 'audit commit'])
  })

  it('have the place where a class below declares them again', async () => {
    await Reordered.createOrThrow({ title: 'plain' })
    expect(log).to.deep.equal(['audit before plain', 'second', 'first', 'created plain', 'saved', 'audit commit'])
  })

  it('are enclosed by what was put around them later', async () => {
    await Enclosed.createOrThrow({ title: 'x' })
    expect(log).to.deep.equal(['in', 'inside', 'out', 'outside'])
  })

  it('are refused when nothing has them', () => {
    const declare = (work: (post: typeof Post) => void) => () => {
      class Odd extends Post {}
      work(Odd)
    }
    expect(declare((odd) => odd.beforeSave(new Map() as never))).to.throw(InvalidArgument, 'without a method beforeSave()')
    const skip = declare((odd) => odd.skipCallback('save', 'before', 'third'))
    expect(skip).to.throw(InvalidArgument, "Before save callback 'third' has not been defined.")
    expect(declare((odd) => odd.skipCallback('save', 'before', 'third', { raise: false }))).to.not.throw()
  })

  it('may be validations, which are skipped by their name or function, or all of them', async () => {
    const short = (post: Post): void => {
      post.errors.add('title', 'too_short', { count: 3 })
    }
    class Checked extends Post {
      static {
        this.validates('title', { format: /^[a-z]/ })
        this.validate('refuse', short as never)
      }
      refuse() {
        this.errors.add('title', 'invalid')
      }
    }
    const messages = async (title: string, declare: (model: typeof Checked) => void): Promise<string[]> => {
      class Skipping extends Checked {}
      declare(Skipping)
      const post = new Skipping({ title })
      await post.isValid()
      return post.errors.fullMessages
    }
    const [invalid, tooShort] = ['Title is invalid', 'Title is too short (minimum is 3 characters)']
    expect(await messages('a', () => {})).to.deep.equal([invalid, tooShort])
    expect(await messages('a', (model) => model.skipCallback('validate', 'before', 'refuse'))).to.deep.equal([tooShort])
    expect(await messages('a', (model) => model.skipCallback('validate', 'refuse', short as never))).to.deep.equal([])
    const unlessX = (model: typeof Checked): void => model.skipCallback('validate', 'refuse', { if: (post) => post.title === 'x' })
    expect([await messages('x', unlessX), await messages('y', unlessX)]).to.deep.equal([[tooShort], [invalid, tooShort]])
    expect(await messages('A', (model) => model.resetCallbacks('validate'))).to.deep.equal([])
    for (const skip of [
      (model: typeof Checked) => model.skipCallback('validate', 'after', 'refuse'),
      (model: typeof Checked) => model.skipCallback('validate', 'nothing'),
    ])
      expect(() => skip(class extends Checked {})).to.throw(InvalidArgument, 'has not been defined.')
  })

  it('come from concerns, whose classes may have no name', async () => {
    const noting = () =>
      class extends BlogModel('Post') {
        note() {
          log.push('noted')
        }
      }
    class Draft extends noting() {
      static {
        this.beforeSave('note')
      }
    }
    bindModels([Draft], test.database, test.metadata)
    await Draft.createOrThrow({ title: 'x' })
    expect(log).to.deep.equal(['noted'])
  })
})
