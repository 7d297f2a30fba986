import { Job } from '../../jobs/index.ts'
import { destroyDependents, type LeftDependents } from '../../model/index.ts'

/** Destroys the records that `dependent: 'destroyAsync'` left behind. */
export class DestroyDependents extends Job {
  async perform(dependents: LeftDependents): Promise<void> {
    await destroyDependents(dependents)
  }
}
