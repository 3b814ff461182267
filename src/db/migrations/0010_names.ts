import { type Kysely, sql } from 'kysely'

/** Gives tables the field's words for what they hold. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [from, to] of Object.entries(TABLES)) {
    await sql.raw(`ALTER TABLE ${from} RENAME TO ${to}`).execute(db)
    await renameWhatBearsTheName(db, from, to)
  }
}

const TABLES = {
  collection_model_parts: 'corpus_model_parts',
  collection_models: 'corpus_models',
  near_keys: 'blocking_keys',
  stored_portions: 'stored_batches',
  caught_mails: 'captured_mails',
}

/** Constraints, indexes and sequences keep the old name when their table gets a new one. */
async function renameWhatBearsTheName(db: Kysely<unknown>, from: string, to: string): Promise<void> {
  await sql
    .raw(
      `DO $$
      DECLARE named record;
      BEGIN
        FOR named IN SELECT conname FROM pg_constraint
          WHERE conrelid = '${to}'::regclass AND starts_with(conname, '${from}_')
        LOOP
          EXECUTE format('ALTER TABLE ${to} RENAME CONSTRAINT %I TO %I', named.conname,
            replace(named.conname, '${from}', '${to}'));
        END LOOP;
        FOR named IN SELECT relname, relkind FROM pg_class
          WHERE starts_with(relname, '${from}_') AND relnamespace = current_schema()::regnamespace
            AND (relkind = 'S' OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = '${to}'::regclass))
        LOOP
          EXECUTE format('ALTER %s %I RENAME TO %I', CASE named.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END,
            named.relname, replace(named.relname, '${from}', '${to}'));
        END LOOP;
      END $$`,
    )
    .execute(db)
}
