/** `1 paper`, `2 papers`, `1,234 papers`; `2 entries` by a plural of its own. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : several}`
}
