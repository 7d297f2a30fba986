import { expect } from 'chai'
import { bindModels, sql } from '../../src/model/index.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'
import { heard, Membership, Person, Project, Task, trackerModels, trackerSchema } from './tracker_models.ts'

describe('models as Rails applications write them', () => {
  let test: TestDatabase
  let project: Project

  beforeEach(async () => {
    test = await testDatabase(trackerSchema)
    bindModels(trackerModels, test.database, test.metadata)
    project = await Project.createOrThrow({ name: 'Alpha' })
    for (const [name, level] of [
      ['Ann', 'owner'],
      ['Cid', 'viewer'],
      ['Bob', 'viewer'],
    ] as const) {
      await Membership.createOrThrow({ project, person: await Person.createOrThrow({ name }), level })
    }
  })
  afterEach(() => test.close())

  describe('a concern between the base and the model', () => {
    it('declares callbacks and adds scopes and methods', async () => {
      expect(await project.destroy()).to.equal(false)
      expect(project.errors.fullMessages).to.deep.equal(['must be archived first'])
      await project.archiveOrThrow()
      expect(await Project.archived().pluck('name')).to.deep.equal(['Alpha'])
    })

    it('leaves the associations to the model, also after a uniqueness validation', async () => {
      await Task.createOrThrow({ project, title: 'late', position: 2 })
      await Task.createOrThrow({ project, title: 'soon', position: 1 })
      expect(await project.isValid()).to.equal(true)
      expect(await (await Project.find(project.id)).tasks.pluck('title')).to.deep.equal(['soon', 'late'])
    })
  })

  describe('a scope of a through association', () => {
    it('orders what is preloaded', async () => {
      const [loaded] = await Project.includes('members')
      expect(loaded!.members.map((person) => person.name)).to.deep.equal(['Cid', 'Bob', 'Ann'])
    })

    it('narrows what is preloaded', async () => {
      const [loaded] = await Project.includes('others')
      expect(loaded!.others.map((person) => person.name)).to.deep.equal(['Cid', 'Bob'])
    })
  })

  describe('a record found through a collection', () => {
    const queriesOf = async (work: () => Promise<unknown>): Promise<number> => {
      const before = test.database.statements.length
      await work()
      return test.database.statements.length - before
    }

    it('knows its owner without a query, whatever narrowed the collection', async () => {
      const found = [
        await project.memberships.findByOrThrow({ level: 'owner' }),
        (await project.memberships.where({ level: 'owner' }).order('id'))[0]!,
        (await project.memberships.includes('person').limit(1))[0]!,
      ]
      expect(
        await queriesOf(async () =>
          expect(await Promise.all(found.map((each) => each.project))).to.deep.equal([project, project, project]),
        ),
      ).to.equal(0)
      expect(await found[0]!.project).to.equal(project)
    })

    it('may have been selected without its key', async () => {
      expect((await project.memberships.select('level').order('id')).map((each) => each.level)).to.deep.equal(['owner', 'viewer', 'viewer'])
    })

    it('is left alone when it belongs to another', async () => {
      const other = await Project.createOrThrow({ name: 'Beta' })
      const foreign = await other.memberships.unscoped().findByOrThrow({ level: 'owner' })
      expect((await foreign.project).id).to.equal(project.id)
    })
  })

  describe('a record that refuses to be destroyed', () => {
    it('stays when it is destroyed alone', async () => {
      const owner = await Membership.findByOrThrow({ level: 'owner' })
      expect(await owner.destroy()).to.equal(false)
      expect(owner.destroyedByAssociation).to.equal(undefined)
    })

    it('goes with its owner, and can tell', async () => {
      await project.archiveOrThrow()
      await project.destroyOrThrow()
      expect(await Membership.count()).to.equal(0)
    })
  })

  describe('a decimal', () => {
    it('is a number to validations when the database gave it', async () => {
      const { id } = await Task.createOrThrow({ project, title: 'a', estimate: '2.25' })
      const task = await Task.find(id)
      expect(await task.update({ title: 'b' })).to.equal(true)
      task.estimate = '1000'
      expect(await task.isValid()).to.equal(false)
      expect(task.errors.fullMessages).to.deep.equal(['Estimate must be less than 1000'])
    })
  })

  describe('a counter that touches its owner', () => {
    it('writes both, and runs the callbacks of the touch but not those of a transaction', async () => {
      await project.updateColumns({ updated_at: new Date(0) })
      heard.length = 0
      const task = await project.tasks.createOrThrow({ title: 'a' })
      expect(heard).to.deep.equal(['touched'])
      const { tasks_count, updated_at } = await Project.find(project.id)
      expect([tasks_count, updated_at.getTime() > 0]).to.deep.equal([1, true])
      expect(project.updated_at.getTime()).to.equal(updated_at.getTime())
      await task.updateOrThrow({ title: 'b' })
      expect(heard).to.deep.equal(['touched', 'touched', 'committed'])
    })
  })

  describe('a date without a time', () => {
    const day = new Date('2026-05-01')

    it('loses the time it is given, and is a day in JSON', async () => {
      const { id } = await Task.createOrThrow({ project, title: 'a', due_on: new Date('2026-05-01T17:30:00Z') })
      const task = await Task.find(id)
      expect(task.due_on?.getTime()).to.equal(day.getTime())
      expect(JSON.parse(JSON.stringify([task.asJson({ only: 'due_on' }), await Task.pluck('due_on')]))).to.deep.equal([
        { due_on: '2026-05-01' },
        ['2026-05-01'],
      ])
    })

    it('is found by the day, and unchanged by the same day', async () => {
      const task = await Task.createOrThrow({ project, title: 'a', due_on: day })
      expect(await Task.where({ due_on: day }).count()).to.equal(1)
      expect(await Task.where({ due_on: new Date('2026-05-02') }).count()).to.equal(0)
      task.due_on = new Date('2026-05-01T23:00:00Z')
      expect(task.isChanged()).to.equal(false)
    })

    it('is null for what is no date', async () => {
      const task = new Task({ project, title: 'a' })
      task.assign({ due_on: '31/31/2026' as never })
      expect(task.due_on).to.equal(null)
    })
  })

  describe('an enum in a condition', () => {
    it('matches no row by a name that it does not have', async () => {
      await Task.createOrThrow({ project, title: 'a' })
      expect(await Task.where({ status: 'nope' }).count()).to.equal(0)
      expect(await Task.where({ status: '' }).count()).to.equal(0)
      expect(await Task.where({ status: ['nope', 'todo'] }).count()).to.equal(1)
      expect(await Task.where({ status: '0' }).count()).to.equal(1)
    })
  })

  describe('updateAll', () => {
    beforeEach(async () => {
      for (const position of [0, 1, 2]) await Task.createOrThrow({ project, title: `t${position}`, position })
    })

    it('takes assignments in SQL, with values apart', async () => {
      expect(await project.tasks.where(sql('position >= ?', 1)).updateAll('position = position + ?', 10)).to.equal(2)
      expect(await Task.order('id').pluck('position')).to.deep.equal([0, 11, 12])
    })

    it('takes SQL as the value of a column', async () => {
      await Task.where({ title: 't2' }).updateAll({ position: sql('position * ?', 5), title: 'x' })
      expect(await Task.where({ title: 'x' }).pluck('position')).to.deep.equal([10])
    })
  })

  describe('a grouped result', () => {
    it('is an object in JSON, wherever it stands', async () => {
      await Task.createOrThrow({ project, title: 'a', status: 'done' })
      await Task.createOrThrow({ project, title: 'b' })
      const stats = { by_status: await Task.group('status').count(), by_both: await Task.group('status', 'title').count() }
      expect(JSON.parse(JSON.stringify(stats))).to.deep.equal({
        by_status: { todo: 1, done: 1 },
        by_both: { '["done","a"]': 1, '["todo","b"]': 1 },
      })
    })
  })
})
