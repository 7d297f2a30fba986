import { namesAction } from '../naming/index.ts'
import type { SyntaxNode } from './syntax.ts'

/** A JSDoc comment: its lines without stars, and the line of the file where it begins. */
export interface CommentBlock {
  readonly lines: readonly string[]
  readonly line: number
}

/** One method of a controller's source. */
export interface MethodSource {
  readonly name: string
  readonly comment: CommentBlock | undefined
  readonly body: SyntaxNode | undefined
}

/** A `beforeAction` or `skipBeforeAction` with literal names. */
export interface FilterSource {
  readonly skips: boolean
  readonly names: readonly string[]
  readonly only: readonly string[] | undefined
  readonly except: readonly string[] | undefined
}

/** What the source of one controller class says. */
export interface ControllerClass {
  readonly name: string
  readonly parent: string | undefined
  readonly file: string
  readonly line: number
  readonly comment: CommentBlock | undefined
  readonly methods: ReadonlyMap<string, MethodSource>
  readonly filters: readonly FilterSource[]
}

/** The classes of an application's controllers, and who inherits from whom. */
export class ControllerClasses {
  readonly #byFileName = new Map<string, ControllerClass>()
  readonly #byClassName = new Map<string, ControllerClass>()

  /** @param name the controller's name, `api/articles`
   * @param classes those found in its file; the last one that is named like a controller is the controller */
  add(name: string, classes: readonly ControllerClass[]): void {
    for (const found of classes) if (!this.#byClassName.has(found.name)) this.#byClassName.set(found.name, found)
    const main = classes.findLast((found) => found.name.endsWith('Controller')) ?? classes.at(-1)
    if (main) this.#byFileName.set(name, main)
  }

  /** The class of a controller and its ancestors, nearest first. */
  lineage(controller: string): ControllerClass[] {
    const lineage: ControllerClass[] = []
    let current = this.#byFileName.get(controller)
    while (current && !lineage.includes(current)) {
      lineage.push(current)
      current = current.parent === undefined ? undefined : this.#byClassName.get(current.parent)
    }
    return lineage
  }
}

/** The method that a controller answers an action with. */
export function findMethod(
  lineage: readonly ControllerClass[],
  name: string,
): { method: MethodSource; owner: ControllerClass } | undefined {
  for (const owner of lineage) {
    const method = owner.methods.get(name)
    if (method) return { method, owner }
  }
  return undefined
}

/** The names of all methods of a controller. */
export function methodNames(lineage: readonly ControllerClass[]): string[] {
  return lineage.flatMap((owner) => [...owner.methods.keys()])
}

/** Whether a before-filter runs for an action. */
export function isFilterActive(lineage: readonly ControllerClass[], filter: string, action: string): boolean {
  let isActive = false
  for (const { skips, names, only, except } of [...lineage].reverse().flatMap((owner) => owner.filters)) {
    if (!names.includes(filter)) continue
    const applies = (only === undefined || namesAction(only, action)) && !namesAction(except ?? [], action)
    if (skips) isActive &&= !applies
    else isActive = applies
  }
  return isActive
}
