/**
 * A function that computes a value for an object once. The value is kept as long as the object lives, and is freed with it.
 * `undefined` is not kept.
 */
export function keptFor<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const values = new WeakMap<Key, Value>()
  return (key) => {
    const known = values.get(key)
    if (known !== undefined) return known
    const value = compute(key)
    values.set(key, value)
    return value
  }
}

/** Values by key, up to a limit. */
export interface BoundedCache<Key, Value> {
  entries: Map<Key, Value>
  /** The sum of the entries' sizes. */
  size: number
  readonly limit: number
}

/** An empty cache. `limit` is in the unit of the sizes given to `keep`; without sizes it is the number of entries. */
export function newCache<Key, Value>(limit: number): BoundedCache<Key, Value> {
  return { entries: new Map(), size: 0, limit }
}

/** Puts a value into the cache and returns it. A full cache is emptied first. */
export function keep<Key, Value>(
  cache: BoundedCache<Key, Value>,
  key: Key,
  value: Value,
  size: number = 1,
): Value {
  if (cache.size + size > cache.limit) {
    cache.entries.clear()
    cache.size = 0
  }
  cache.entries.set(key, value)
  cache.size += size
  return value
}
