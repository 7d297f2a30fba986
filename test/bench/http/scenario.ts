/** What every server of one case does. Travels to the server's process as JSON. */
export interface Scenario {
  readonly routes: number
  /** Functions that run before the action and let every request pass. Default none. */
  readonly filters?: number
  /** Whether the action answers with a list of 100 records instead of one. */
  readonly list?: boolean
}

/** Starts a server on a free port and answers with the port. */
export type StartServer = (scenario: Scenario) => Promise<number>

/** What a filter does: something that can't be left out. */
export function filter(request: { filtered?: number }): void {
  request.filtered = (request.filtered ?? 0) + 1
}

/** As many as the scenario asks for. */
export function filtersOf({ filters = 0 }: Scenario): readonly (typeof filter)[] {
  return Array.from({ length: filters }, () => filter)
}
