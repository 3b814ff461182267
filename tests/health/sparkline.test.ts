import { expect, test } from 'vitest'
import { drawSparkline } from '../../src/web/operator/desk/sparkline.ts'

test('a day without papers interrupts the line, and is said', () => {
  const spark = drawSparkline(
    [
      { day: '2026-11-17', papers: 10 },
      { day: '2026-11-18', papers: 20 },
      { day: '2026-11-20', papers: 5 },
    ],
    '2026-11-20',
  )
  expect(spark.path).toBe('M106 11L110 3M118 15h0')
  expect(spark.gaps).toHaveLength(27)
  expect(spark.words).toBe('at most 20 papers a day in 30 days, none on 27')
})

test('nothing is drawn for a source that never had papers', () => {
  const spark = drawSparkline([], '2026-11-20')
  expect([spark.path, spark.gaps.length]).toEqual(['', 30])
})
