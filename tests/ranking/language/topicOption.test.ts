import { expect, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { parseTopicOption } from '../../../src/ranking/language/topicOption.ts'

test.each([
  ['Health="chest x-ray" ecg', { name: 'Health', query: '"chest x-ray" ecg', quota: null }],
  [' My  topic = a=b ', { name: 'My topic', query: 'a=b', quota: null }],
])('%s', (option, expected) => {
  expect(parseTopicOption(option)).toEqual(expected)
})

test.each([
  ['health', /NAME=QUERY, got “health”/],
  ['=robots', /NAME=QUERY/],
  ['Health=', /got none/],
  ['Health="open', /closing quote/],
  [`${'n'.repeat(81)}=robots`, /at most 80 characters, got 81/],
])('%s is refused', (option, message) => {
  expect(() => parseTopicOption(option)).toThrow(UsageError)
  expect(() => parseTopicOption(option)).toThrow(message)
})
