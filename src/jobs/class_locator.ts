/** How jobs carry classes: by their names. The application gives one over what it has loaded. */
export interface ClassLocator {
  /** The name of a class; undefined for a function that is none of the application's. */
  nameOf(value: Function): string | undefined
  /** The class of a name, such as `Report` or Rails' `Admin::Report`. */
  named(name: string): Function | undefined
}

let locator: ClassLocator | undefined

/** Sets how classes in job arguments are found. The application calls it at boot. */
export function useClassLocator(replacement: ClassLocator | undefined): void {
  locator = replacement
}

/** The class locator in use. */
export function currentClassLocator(): ClassLocator | undefined {
  return locator
}
