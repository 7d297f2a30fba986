import { expect } from 'chai'
import { modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Task {
  id           Int     @id @default(autoincrement())
  name         String?
  state        Int?    @default(0)
  kind         String?
  settings     String?
  options      Json?
  lock_version Int     @default(0)
  created_at   DateTime?
  updated_at   DateTime?
}
model Chore {
  id         Int  @id @default(autoincrement())
  work_state Int?
}
`
class Task extends modelOf<{}>()('Task') {
  static {
    this.enum('state', ['open', 'done'], { prefix: true, default: 'open' })
    this.enum('kind', { big: 'b', small: 's' }, { suffix: 'sized', validate: { allowNil: true }, scopes: false })
    this.store('settings', { accessors: ['color', 'size'] })
    this.storeAccessor('options', 'weight', { prefix: 'opt' })
    this.attribute('extra', 'integer', { default: 3 })
    this.aliasAttribute('title', 'name')
    this.normalizes('name', { with: (name) => String(name).trim() })
  }
  declare id: number;
  [name: string]: unknown
}
class Chore extends modelOf<{}>()('Chore') {
  static {
    this.enum('work_state', { in_progress: 0, onHold: 1 }, { prefix: true, suffix: 'for_now' })
  }
}
const Tasks = Task as unknown as Record<string, (...args: unknown[]) => { count(): Promise<number> }>
const call = (task: Task, name: string): unknown => (task[name] as () => unknown).call(task)
const made = (attributes: object = {}): Promise<Task> => Task.createOrThrow({ name: ' a ', color: 'red', ...attributes } as never)

// What Rails 7.2 answers to the same questions.
describe('attributes as Rails has them', () => {
  boundDatabase([Task, Chore], () => testDatabase(schema))

  it('tell what has changed: by name, from and to, under other names and inside of stores', async () => {
    const task = await made()
    expect([task['name'], task['state'], task['kind'], task['color'], task['extra'], task['settings']]).to.deep.equal([
      'a',
      'open',
      null,
      'red',
      3,
      { color: 'red' },
    ])
    Object.assign(task, { name: 'b', title: 'c', extra: '7', size: 5 })
    const names = ['extra', 'name', 'settings']
    expect(task.changed.toSorted()).to.deep.equal(names)
    expect([task.changes['name'], task.changes['extra']]).to.deep.equal([
      ['a', 'c'],
      [3, 7],
    ])
    expect([task.attributeWas('name'), task.attributeWas('title'), task.attributeChanged('title')]).to.deep.equal(['a', 'a', true])
    for (const hash of [task.changesToSave, task.changedAttributes, task.attributesInDatabase])
      expect(Object.keys(hash).toSorted()).to.deep.equal(names)
    expect([task.attributeChanged('name', { from: 'a', to: 'c' }), task.attributeChanged('name', { from: 'x' })]).to.deep.equal([
      true,
      false,
    ])
    expect([task.attributeInDatabase('name'), task.attributeChange('name'), task.attributeChangeToBeSaved('name')]).to.deep.equal([
      'a',
      ['a', 'c'],
      ['a', 'c'],
    ])
    expect([task.willSaveChangeTo('name'), task.hasChangesToSave(), task.attributeWas('extra')]).to.deep.equal([true, true, 3])
    expect([
      task.attributeChanged('size'),
      task.attributeWas('size'),
      task.attributeChange('size'),
      task.attributeChanged('color'),
    ]).to.deep.equal([true, null, [null, 5], false])
  })

  it('are restored by name, and tell afterwards what the save changed', async () => {
    const task = await made()
    Object.assign(task, { name: 'c', extra: '7', size: 5 })
    task.restoreAttributes(['name'])
    expect([task['name'], task.changed.toSorted()]).to.deep.equal(['a', ['extra', 'settings']])
    await task.saveOrThrow()
    const saved = ['extra', 'lock_version', 'settings']
    for (const hash of [task.savedChanges, task.previousChanges])
      expect(
        Object.keys(hash)
          .filter((name) => name !== 'updated_at')
          .toSorted(),
      ).to.deep.equal(saved)
    expect([task.savedChangeTo('size'), task.isSavedChangeTo('size'), task.hasSavedChanges()]).to.deep.equal([[null, 5], true, true])
    expect([task.attributePreviouslyChanged('name'), task.attributePreviouslyWas('extra')]).to.deep.equal([false, 3])
    expect(task.attributePreviouslyChanged('extra', { from: 3, to: 7 })).to.equal(true)
    expect([task.attributeBeforeLastSave('size'), task.attributeBeforeLastSave('extra'), task['lock_version']]).to.deep.equal([null, 3, 1])
  })

  it('forget their changes, all or some, and are changed when that is said', async () => {
    const task = await made()
    await task.updateOrThrow({ size: 5 } as never)
    task['name'] = 'z'
    task.clearChangesInformation()
    expect([task.changed, task['name'], task.savedChanges, task.attributeWas('name')]).to.deep.equal([[], 'z', {}, 'z'])
    task['name'] = 'y'
    task.clearAttributeChanges(['name'])
    expect([task.changed, task.attributeWas('name')]).to.deep.equal([[], 'y'])
    task.attributeWillChange('name')
    expect(task.changes).to.deep.equal({ name: ['y', 'y'] })
    await task.reload()
    expect([task.changed, task['name'], task['extra'], task.previousChanges]).to.deep.equal([[], 'a', 3, {}])
  })

  it('of enums have predicates, writers and scopes under a prefix or suffix, or none', async () => {
    await Task.deleteAll()
    const task = await made()
    expect(['isStateOpen', 'isStateDone', 'isSmallSized'].map((name) => call(task, name))).to.deep.equal([true, false, false])
    expect([await Tasks['stateDone']!().count(), await Tasks['notStateDone']!().count()]).to.deep.equal([0, 1])
    expect(['smallSized' in Task, { ...(Task as never as { states: object }).states }]).to.deep.equal([false, { open: 0, done: 1 }])
    expect({ ...(Task as never as { kinds: object }).kinds }).to.deep.equal({ big: 'b', small: 's' })
    await call(task, 'stateDoneOrThrow')
    expect([task['state'], (await task.reload()).attributeBeforeTypeCast('state')]).to.deep.equal(['done', 1])
  })

  it('of enums are named in camel case, whatever their parts look like', () => {
    const chore = new Chore({ work_state: 'in_progress' } as never)
    expect(['workStateInProgressForNow', 'notWorkStateOnHoldForNow'].map((name) => name in Chore)).to.deep.equal([true, true])
    expect(call(chore as never, 'isWorkStateInProgressForNow')).to.equal(true)
  })

  it('of enums are cast from names and what the column holds, and validated or refused', async () => {
    const task = new Task() as Task
    task['kind'] = 'huge'
    await task.isValid()
    expect([task.errors.fullMessages, task['kind']]).to.deep.equal([['Kind is not included in the list'], 'huge'])
    task['kind'] = null
    expect(await task.isValid()).to.equal(true)
    task['kind'] = 's'
    expect(task['kind']).to.equal('small')
    expect(() => (task['state'] = 'nope')).to.throw("'nope' is not a valid state")
    task['state'] = null
    expect(task['state']).to.equal(null)
    task['state'] = 1
    expect(task['state']).to.equal('done')
  })

  it('of stores have accessors that tell their own changes, before and after a save', async () => {
    const task = await (await made()).reload()
    task['opt_weight'] = 5
    expect([task['options'], task['opt_weight'], task.changed]).to.deep.equal([{ weight: 5 }, 5, ['options']])
    expect([task.attributeChanged('opt_weight'), task.isSavedChangeTo('opt_weight')]).to.deep.equal([true, false])
    await task.saveOrThrow()
    expect([
      task.isSavedChangeTo('opt_weight'),
      task.attributeBeforeLastSave('opt_weight'),
      task.savedChangeTo('opt_weight'),
    ]).to.deep.equal([true, null, [null, 5]])
  })

  it('are normalized when they are assigned, asked for and searched by, also under another name', async () => {
    await Task.deleteAll()
    await made()
    expect([new Task({ name: '  x ' } as never)['name'], new Task({ title: ' v ' } as never)['name']]).to.deep.equal(['x', 'v'])
    expect([Task.normalizeValueFor('name' as never, ' q '), await Task.where({ name: ' a ' } as never).count()]).to.deep.equal(['q', 1])
  })

  it('are asked for by name', async () => {
    const task = await made()
    expect([task.attributeForDatabase('state'), task.hasAttribute('title'), task.hasAttribute('extra')]).to.deep.equal([0, true, true])
    expect([task.attributePresent('kind'), task.queryAttribute('name')]).to.deep.equal([false, true])
    expect(task.attributeNames).to.deep.equal([
      ...['id', 'name', 'state', 'kind', 'settings', 'options', 'lock_version', 'created_at', 'updated_at', 'extra'],
    ])
  })

  it('of new records are changes where they were assigned another value than the default', () => {
    expect([new Task().changed, new Task().attributeChanged('state'), new Task().attributeChanged('extra')]).to.deep.equal([
      [],
      false,
      false,
    ])
    expect(new Task({ state: 'done' } as never).changes).to.deep.equal({ state: ['open', 'done'] })
  })

  it('that hold times are written unless they were assigned, or the save says no', async () => {
    const early = new Date('2020-01-01')
    const task = await made({ created_at: early, updated_at: early })
    expect([task['created_at'], task['updated_at']]).to.deep.equal([early, early])
    await task.saveOrThrow()
    expect(task['updated_at']).to.deep.equal(early)
    await task.updateOrThrow({ name: 'm', updated_at: new Date('2021-01-01') } as never)
    task['name'] = 'k'
    await task.saveOrThrow({ touch: false })
    expect(task['updated_at']).to.deep.equal(new Date('2021-01-01'))
    await task.touch()
    expect([Number(task['updated_at']) > Date.UTC(2022), task.isChanged()]).to.deep.equal([true, false])
  })

  it('that count versions refuse what others have changed or destroyed since', async () => {
    const { id } = await made()
    const [one, other] = [await Task.find(id), await Task.find(id)]
    await one.updateOrThrow({ name: '1' } as never)
    const failed = await other.updateOrThrow({ name: '2' } as never).then(
      () => 'nothing',
      (error: Error) => `${error.constructor.name}: ${error.message}`,
    )
    expect(failed).to.equal('StaleObject: Attempted to update a stale object: Task.')
    expect([other['name'], other.changed[0], other['lock_version']]).to.deep.equal(['2', 'name', 0])
    const copy = one.dup() as Task
    expect([copy.isNewRecord(), copy['name'], copy['created_at'], copy['lock_version']]).to.deep.equal([true, '1', null, 0])
  })
})
