import { expect } from 'chai'

/** The error that a promise is rejected with; fails when it is another, or none. */
export async function rejection<E extends Error>(promise: PromiseLike<unknown>, type: new (...args: never[]) => E): Promise<E> {
  let thrown: unknown
  try {
    await promise
  } catch (error) {
    thrown = error
  }
  expect(thrown).to.be.instanceOf(type)
  return thrown as E
}
