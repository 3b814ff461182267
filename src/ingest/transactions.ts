import type { Db, Tx } from '../db/engine/connect.ts'

/** Runs work in a transaction. */
export type Transact = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

/**
 * Gives `use` a way to open transactions. In a dry run all of them are one transaction that is rolled back at the end.
 * So a dry run does all the work, sees its own earlier writes, and reports what would have happened.
 */
export async function withTransactions<T>(
  db: Db,
  isDryRun: boolean,
  use: (transact: Transact) => Promise<T>,
): Promise<T> {
  if (!isDryRun) return use((work) => db.transaction().execute(work))
  const transaction = await db.startTransaction().execute()
  try {
    return await use((work) => work(transaction))
  } finally {
    await transaction.rollback().execute()
  }
}
