import { sql } from 'kysely'
import type { Tx } from '../engine/connect.ts'

/**
 * What happens to digests when two papers become one. A subscriber who has reserved both keeps one, so the unique
 * index holds and nobody is sent a paper twice. A paper that was sent stays in the digest it was sent in.
 */

/** The place of an item in a digest. */
interface Place {
  digestId: number
  position: number
}

/** What a join changed in digests, so that a split can take it back. */
export interface MovedItems {
  /** Items that now name the other paper. */
  moved: Place[]
  /** Items that no longer reserve their paper for the subscriber, because another item does. */
  released: (Place & { reservedFor: number })[]
  /** Items that were deleted because their digest had both papers. */
  removed: Record<string, unknown>[]
}

/** Two items of one paper. An open item was not handed to a mail server yet. */
interface Pair {
  keptItem: Place & { isOpen: boolean }
  goneItem: Place & { isOpen: boolean }
}

/** Moves the items of one paper to another. */
export async function moveItems(tx: Tx, from: number, to: number, now: Date): Promise<MovedItems> {
  const removed = await removeTwins(tx, from, to)
  const surplus = (await listTakenTwice(tx, from, to)).map(({ keptItem, goneItem }) =>
    keptItem.isOpen && !goneItem.isOpen ? keptItem : goneItem,
  )
  await removeItems(
    tx,
    surplus.filter(({ isOpen }) => isOpen),
    now,
  )
  const released = await releasePlaces(
    tx,
    surplus.filter(({ isOpen }) => !isOpen),
  )
  const { rows: moved } = await sql<Place>`
    UPDATE digest_items SET paper_id = ${to} WHERE paper_id = ${from}
    RETURNING digest_id AS "digestId", position`.execute(tx)
  return { moved, released, removed }
}

/** If a digest has both papers, deletes the item of the paper that goes. */
async function removeTwins(tx: Tx, from: number, to: number): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ item: Record<string, unknown> }>`
    DELETE FROM digest_items AS item USING digest_items AS twin
    WHERE item.paper_id = ${from} AND twin.paper_id = ${to} AND twin.digest_id = item.digest_id
    RETURNING to_jsonb(item) AS item`.execute(tx)
  return rows.map(({ item }) => item)
}

async function listTakenTwice(tx: Tx, from: number, to: number): Promise<Pair[]> {
  const place = (item: string, digest: string) =>
    sql.raw(
      `jsonb_build_object('digestId', ${item}.digest_id, 'position', ${item}.position,
        'isOpen', ${digest}.status = 'sending' AND ${digest}.handed_at IS NULL)`,
    )
  const { rows } = await sql<Pair>`
    SELECT ${place('kept', 'kept_digest')} AS "keptItem", ${place('gone', 'gone_digest')} AS "goneItem"
    FROM digest_items AS kept
      JOIN digest_items AS gone ON gone.reserved_for = kept.reserved_for
      JOIN digests AS kept_digest ON kept_digest.id = kept.digest_id
      JOIN digests AS gone_digest ON gone_digest.id = gone.digest_id
    WHERE kept.paper_id = ${to} AND gone.paper_id = ${from}`.execute(tx)
  return rows
}

/** Takes a paper out of the digests that were not handed to a mail server yet. */
export async function dropFromOpenDigests(tx: Tx, paperId: number, now: Date): Promise<void> {
  const { rows } = await sql<Place>`
    SELECT digest_id AS "digestId", position FROM digest_items JOIN digests ON digests.id = digest_id
    WHERE paper_id = ${paperId} AND status = 'sending' AND handed_at IS NULL`.execute(tx)
  await removeItems(tx, rows, now, 'all its papers were hidden')
}

/** Removes items from digests that are not sent yet. A digest without papers is not sent; `reason` says why it has none. */
async function removeItems(
  tx: Tx,
  places: Place[],
  now: Date,
  reason = 'all its papers had been sent before',
): Promise<void> {
  if (places.length === 0) return
  await sql`
    DELETE FROM digest_items USING jsonb_to_recordset(${JSON.stringify(places)}::jsonb)
      AS place ("digestId" bigint, position integer)
    WHERE digest_id = place."digestId" AND digest_items.position = place.position`.execute(tx)
  await sql`
    UPDATE digests SET status = 'skipped', reason = ${reason}, updated_at = ${now}
    WHERE id = ANY(${places.map(({ digestId }) => digestId)}::bigint[]) AND status = 'sending' AND handed_at IS NULL
      AND NOT EXISTS (SELECT FROM digest_items WHERE digest_id = digests.id)`.execute(tx)
}

async function releasePlaces(tx: Tx, places: Place[]): Promise<MovedItems['released']> {
  if (places.length === 0) return []
  const { rows } = await sql<Place & { reservedFor: number }>`
    WITH place AS (
      SELECT item.digest_id, item.position, item.reserved_for
      FROM jsonb_to_recordset(${JSON.stringify(places)}::jsonb) AS asked ("digestId" bigint, position integer)
        JOIN digest_items AS item ON item.digest_id = asked."digestId" AND item.position = asked.position)
    UPDATE digest_items SET reserved_for = NULL FROM place
    WHERE digest_items.digest_id = place.digest_id AND digest_items.position = place.position
    RETURNING place.digest_id AS "digestId", place.position, place.reserved_for AS "reservedFor"`.execute(tx)
  return rows
}

/** Undoes moveItems, as far as the digests and subscribers still exist. `to`: the paper that is split off again. */
export async function returnItems(tx: Tx, items: MovedItems, from: number, to: number): Promise<void> {
  await sql`
    UPDATE digest_items SET paper_id = ${to}
    FROM jsonb_to_recordset(${JSON.stringify(items.moved)}::jsonb) AS place ("digestId" bigint, position integer)
    WHERE digest_id = place."digestId" AND digest_items.position = place.position AND paper_id = ${from}`.execute(
    tx,
  )
  await sql`
    INSERT INTO digest_items (digest_id, position, paper_id, topic, score, reasons, reserved_for)
    SELECT digest_id, position, ${to}, topic, score, reasons, reserved_for
    FROM jsonb_populate_recordset(NULL::digest_items, ${JSON.stringify(items.removed)}::jsonb) AS item
    WHERE EXISTS (SELECT FROM digests WHERE id = item.digest_id)
    ON CONFLICT DO NOTHING`.execute(tx)
  await sql`
    UPDATE digest_items SET reserved_for = place."reservedFor"
    FROM jsonb_to_recordset(${JSON.stringify(items.released)}::jsonb)
      AS place ("digestId" bigint, position integer, "reservedFor" bigint)
    WHERE digest_id = place."digestId" AND digest_items.position = place.position AND reserved_for IS NULL
      AND EXISTS (SELECT FROM subscribers WHERE id = place."reservedFor")
      AND NOT EXISTS (SELECT FROM digest_items AS other
        WHERE other.reserved_for = place."reservedFor" AND other.paper_id = digest_items.paper_id)`.execute(
    tx,
  )
}
