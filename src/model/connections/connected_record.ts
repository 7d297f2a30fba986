import { declarationsChanged, requireBinding } from '../binding.ts'
import { SecureRecord } from '../security/secure_record.ts'
import { type ConnectingOptions, preventsWritesIn, roleIn, shardIn, withConnection } from './connecting.ts'
import { type ConnectsToOptions, declareConnections } from './connects_to.ts'

/** The class methods that say on which database statements run. */
export class ConnectedRecord extends SecureRecord {
  /** Names the databases that the class and those below it run on: entries of `config.database`.
   * @example this.connectsTo({ database: { writing: 'animals', reading: 'animals_replica' } })
   */
  static connectsTo(options: ConnectsToOptions): void {
    declareConnections(this, options)
    declarationsChanged()
  }

  /** Runs `work` with the statements of the class, and of all others on the same databases, sent to a role or shard.
   * @throws ConnectionNotEstablished when there is no such database
   * @example await AnimalsRecord.connectedTo({ role: 'reading' }, () => Dog.count())
   */
  static connectedTo<T>(options: ConnectingOptions, work: () => T): T {
    return withConnection(requireBinding(this), options, work)
  }

  /** Whether statements go to a role, and to a shard when one is given. */
  static isConnectedTo({ role, shard }: { role: string; shard?: string }): boolean {
    return this.currentRole === role && (shard === undefined || this.currentShard === shard)
  }

  /** Runs `work` with everything that writes refused.
   * @throws WriteRefused, from what writes
   */
  static whilePreventingWrites<T>(work: () => T): T {
    return withConnection(requireBinding(this), { preventWrites: true }, work)
  }

  static get currentRole(): string {
    return roleIn(requireBinding(this))
  }

  static get currentShard(): string {
    return shardIn(requireBinding(this))
  }

  /** Whether what writes is refused now. */
  static isPreventingWrites(): boolean {
    return preventsWritesIn(requireBinding(this))
  }
}
