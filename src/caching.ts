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

/** Promises by key, the ones made last, at most `limit`. */
export interface PromiseCache<Key, Value> {
  entries: Map<Key, Promise<Value>>
  readonly limit: number
}

/** An empty cache of promises. */
export function newPromiseCache<Key, Value>(limit: number): PromiseCache<Key, Value> {
  return { entries: new Map(), limit }
}

/**
 * The promise of a key, made once. A full cache drops the promise made first. A promise that is rejected is dropped as well, so
 * that the next call tries again.
 */
export function keepPromise<Key, Value>(
  { entries, limit }: PromiseCache<Key, Value>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = entries.get(key)
  if (known !== undefined) return known
  const made = make()
  for (const oldest of entries.keys()) if (entries.size >= limit) entries.delete(oldest)
  entries.set(key, made)
  made.catch(() => entries.get(key) === made && entries.delete(key))
  return made
}

/** The same function, with its last results kept: for a pure function of texts that come again and again. */
export function remembered<Value>(limit: number, compute: (text: string) => Value): (text: string) => Value {
  const results = newCache<string, Value>(limit)
  return (text) => results.entries.get(text) ?? keep(results, text, compute(text))
}
