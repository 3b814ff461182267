/** Rows deleted by one statement: a long transaction would hold up vacuum and everybody behind its locks. */
const BATCH = 10_000

/** Deletes rows in short statements until none is left. `remove` deletes at most that many rows. */
export async function deleteInBatches(
  remove: (limit: number) => Promise<{ numAffectedRows?: bigint | undefined }>,
): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await remove(BATCH)
    if (numAffectedRows < BATCH) return
  }
}
