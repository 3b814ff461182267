import { expect, test } from 'vitest'
import { parseUrl } from '../../src/text/parseUrl.ts'

test('addresses with letters beyond ASCII are read however often that is asked', () => {
  // After some ten thousand calls a function is compiled; Node's own check of addresses is then another one.
  for (let call = 0; call < 50_000; call++) parseUrl(`https://a.example/${call % 7}`)
  expect(parseUrl('https://bücher.example/ü')?.href).toBe('https://xn--bcher-kva.example/%C3%BC')
  expect(parseUrl('/ü', 'https://a.example')?.href).toBe('https://a.example/%C3%BC')
  expect([parseUrl('no address'), parseUrl(''), parseUrl('http://')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
