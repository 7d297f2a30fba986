type AnyClass = abstract new (...args: never[]) => object

const ofEveryFunction: ReadonlySet<PropertyKey> = new Set(['length', 'name', 'prototype'])

/** Lets a class that is made of many others, one on top of the next, be constructed as if it stood on the first one alone: the engine looks for a
 * constructor class by class, for every object anew. Its instances still inherit from all of them, and it takes over their static methods.
 *
 * Only for classes between that have neither constructors nor fields of their own.
 */
export function constructDirectly(subject: AnyClass, base: AnyClass): void {
  for (let one: AnyClass = parentOf(subject); one !== base; one = parentOf(one)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(one))) {
      if (!ofEveryFunction.has(name) && !Object.hasOwn(subject, name)) Object.defineProperty(subject, name, property)
    }
  }
  Object.setPrototypeOf(subject, base)
}

function parentOf(one: AnyClass): AnyClass {
  return Object.getPrototypeOf(one) as AnyClass
}
