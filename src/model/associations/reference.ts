import { infoOf } from '../model_info.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Relation } from '../relation/relation.ts'
import { associationClauses } from './query.ts'
import type { Reflection } from './reflection.ts'
import { loadedOf, setLoaded } from './state.ts'
import { checkLoading, inheritStrictness } from './strict_loading.ts'

/** A belongsTo or hasOne that isn't loaded: loads when it is awaited, once. */
export class Reference implements PromiseLike<ModelRecord | null> {
  readonly #owner: AttributeRecord
  readonly #reflection: Reflection

  constructor(owner: AttributeRecord, reflection: Reflection) {
    this.#owner = owner
    this.#reflection = reflection
  }

  then<A = ModelRecord | null, B = never>(
    fulfilled?: ((record: ModelRecord | null) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.load().then(fulfilled, rejected)
  }

  /** The record, loaded now unless it was meanwhile. */
  async load(): Promise<ModelRecord | null> {
    const loaded = loadedOf(this.#owner, this.#reflection)
    return loaded === undefined ? this.reload() : (loaded as ModelRecord | null)
  }

  /** The record, loaded anew. */
  async reload(): Promise<ModelRecord | null> {
    const reflection = this.#reflection.of(this.#owner)
    checkLoading(this.#owner, this.#reflection)
    const records = reflection === undefined ? [] : await this.#relation(reflection).toArray()
    inheritStrictness(this.#owner, this.#reflection, records)
    setLoaded(this.#owner, this.#reflection, records)
    return records[0] ?? null
  }

  #relation(reflection: Reflection): Relation {
    return infoOf(reflection.target).relation(associationClauses(this.#owner, reflection).with({ limit: 1 }))
  }
}
