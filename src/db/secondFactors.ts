import { type Selectable, sql } from 'kysely'
import type { Db } from './engine/connect.ts'
import type { SecondFactorsTable } from './engine/schema.ts'

export type SecondFactorRow = Selectable<SecondFactorsTable>
type Role = SecondFactorRow['role']

export function findSecondFactor(db: Db, role: Role): Promise<SecondFactorRow | undefined> {
  return db.selectFrom('second_factors').selectAll().where('role', '=', role).executeTakeFirst()
}

/** Keeps a secret that nobody has confirmed yet; it replaces an earlier one. False if a confirmed one stands. */
export async function insertSecondFactor(
  db: Db,
  role: Role,
  sealedSecret: Buffer,
  now: Date,
): Promise<boolean> {
  const row = { role, sealed_secret: sealedSecret, made_at: now }
  const result = await db
    .insertInto('second_factors')
    .values(row)
    .onConflict((oc) => oc.column('role').doUpdateSet(row).where('second_factors.confirmed_at', 'is', null))
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Makes the secret count from now on; false if it does already, or another was made since. */
export async function confirmSecondFactor(
  db: Db,
  { role, sealed_secret: sealed }: SecondFactorRow,
  confirmed: { step: number; recoveryHashes: string[]; now: Date },
): Promise<boolean> {
  const result = await db
    .updateTable('second_factors')
    .set({
      confirmed_at: confirmed.now,
      last_step: confirmed.step,
      recovery_hashes: confirmed.recoveryHashes,
    })
    .where('role', '=', role)
    .where('sealed_secret', '=', sealed)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Takes the code of a step, once: false if the code of that step, or of a later one, was taken before. */
export async function takeStep(db: Db, role: Role, step: number): Promise<boolean> {
  const result = await db
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('role', '=', role)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Takes a recovery code (as hash), once. */
export async function takeRecoveryCode(db: Db, role: Role, hash: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE second_factors SET recovery_hashes = array_remove(recovery_hashes, ${hash}::text)
    WHERE role = ${role} AND ${hash}::text = ANY(recovery_hashes)`.execute(db)
  return (numAffectedRows ?? 0n) > 0n
}

/** Removes the second factor; false if there was none. */
export async function deleteSecondFactor(db: Db, role: Role): Promise<boolean> {
  const result = await db.deleteFrom('second_factors').where('role', '=', role).executeTakeFirst()
  return result.numDeletedRows > 0n
}
