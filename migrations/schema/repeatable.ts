import type { Provider } from './prisma.ts'

/** A statement that may run again where it ran before: each push of the schema runs it. */
export function repeatable(sql: string, provider: Provider): string {
  const constraint = /^ALTER TABLE (\S+) ADD CONSTRAINT (\S+) /.exec(sql)
  if (constraint && provider === 'postgresql') return `ALTER TABLE ${constraint[1]} DROP CONSTRAINT IF EXISTS ${constraint[2]};\n${sql}`
  const view = /^CREATE VIEW (\S+)/.exec(sql)
  if (view) return provider === 'sqlite' ? `DROP VIEW IF EXISTS ${view[1]};\n${sql}` : sql.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW')
  const trigger = /^CREATE TRIGGER (\S+)[\s\S]*?\bON (\S+)/i.exec(sql)
  if (trigger) return `DROP TRIGGER IF EXISTS ${trigger[1]}${provider === 'postgresql' ? ` ON ${trigger[2]}` : ''};\n${sql}`
  return sql
    .replace(/^CREATE MATERIALIZED VIEW (?!IF)/, 'CREATE MATERIALIZED VIEW IF NOT EXISTS ')
    .replace(/^CREATE FUNCTION/i, 'CREATE OR REPLACE FUNCTION')
}
