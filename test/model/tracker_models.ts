import { abort } from '../../src/errors/index.ts'
import { modelOf } from '../../src/model/index.ts'

/** A schema for what ported applications do most: concerns, integer enums, decimals, dependents with a will, scoped through associations. */
export const trackerSchema = `
model Person {
  id Int @id @default(autoincrement())
  name String
  memberships Membership[]
  @@map("people")
}
model Project {
  id Int @id @default(autoincrement())
  name String
  archived_at DateTime?
  tasks_count Int @default(0)
  updated_at DateTime
  memberships Membership[]
  tasks Task[]
  @@map("projects")
}
model Membership {
  id Int @id @default(autoincrement())
  project_id Int
  person_id Int
  level String
  project Project @relation(fields: [project_id], references: [id])
  person Person @relation(fields: [person_id], references: [id])
  @@map("memberships")
}
model Task {
  id Int @id @default(autoincrement())
  project_id Int
  title String
  status Int @default(0)
  position Int @default(0)
  estimate Decimal?
  /// @date
  due_on DateTime?
  project Project @relation(fields: [project_id], references: [id])
  @@map("tasks")
}
`

interface PersonPayload {
  name: 'Person'
  objects: { memberships: MembershipPayload[] }
  scalars: { id: number; name: string }
}
interface ProjectPayload {
  name: 'Project'
  objects: { memberships: MembershipPayload[]; tasks: TaskPayload[]; members: PersonPayload[]; others: PersonPayload[] }
  scalars: { id: number; name: string; archived_at: Date | null; tasks_count: number; updated_at: Date }
}
interface MembershipPayload {
  name: 'Membership'
  objects: { project: ProjectPayload; person: PersonPayload }
  scalars: { id: number; project_id: number; person_id: number; level: string }
}
interface TaskPayload {
  name: 'Task'
  objects: { project: ProjectPayload }
  scalars: { id: number; project_id: number; title: string; status: string; position: number; estimate: string | null; due_on: Date | null }
}
interface Tracker {
  types: {
    model: {
      Person: { payload: PersonPayload }
      Project: { payload: ProjectPayload }
      Membership: { payload: MembershipPayload }
      Task: { payload: TaskPayload }
    }
  }
  models: { Person: typeof Person; Project: typeof Project; Membership: typeof Membership; Task: typeof Task }
}

const Model = modelOf<Tracker>()

/** What projects were told since a test emptied it. */
export const heard: string[] = []

/** A concern: a class between the base and the model. */
function Archivable(Base: ReturnType<typeof Model<'Project'>>) {
  return class extends Base {
    static {
      this.beforeDestroy('ensureArchived')
    }

    static archived() {
      return this.not({ archived_at: null })
    }

    isArchived(): boolean {
      return this.archived_at !== null
    }

    async archiveOrThrow(): Promise<void> {
      await this.updateOrThrow({ archived_at: new Date(0) })
    }

    ensureArchived(): void {
      if (this.isArchived()) return
      this.errors.add('base', 'must be archived first')
      abort()
    }
  }
}

export class Project extends Archivable(Model('Project')) {
  static {
    this.hasMany('memberships', { dependent: 'destroy' })
    this.hasMany('members', { through: 'memberships', source: 'person', scope: (people: Scope) => people.order({ name: 'desc' }) })
    this.hasMany('others', { through: 'memberships', source: 'person', scope: (people: Scope) => people.not({ name: 'Ann' }) })
    this.hasMany('tasks', { scope: (tasks: Scope) => tasks.order('position'), dependent: 'destroy' })
    this.validates('name', { uniqueness: true })
    this.afterTouch(() => heard.push('touched'))
    this.afterCommit(() => heard.push('committed'), { on: 'update' })
  }
}

interface Scope {
  order(item: unknown): Scope
  not(conditions: object): Scope
}

export class Person extends Model('Person') {}

export class Membership extends Model('Membership') {
  static {
    this.belongsTo('project')
    this.belongsTo('person')
    this.beforeDestroy((membership) => {
      if (membership.level === 'owner' && !membership.destroyedByAssociation) abort()
    })
  }
}

export class Task extends Model('Task') {
  static {
    this.belongsTo('project', { counterCache: true, touch: true })
    this.enum('status', ['todo', 'doing', 'done'])
    this.validates('estimate', { numericality: { greaterThan: 0, lessThan: 1000 }, allowNil: true })
  }
}

export const trackerModels = [Person, Project, Membership, Task]
