import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldText } from '../../src/text/folding.ts'

describe('foldText', () => {
  test.each([
    ['Nießner', 'Niessner'],
    ['STRAẞE', 'STRASSE'],
    ['Łukasz', 'Lukasz'],
    ['Ardıç IŞIK İnan', 'Ardic ISIK Inan'],
    ['Møller', 'Moller'],
    ['M\\o{}ller', 'Moller'],
    ['M\\o ller', 'Moller'],
    ['{\\O}bro', 'Obro'],
    ["Gu{\\dh}mundsd\\'ottir", 'Gudmundsdottir'],
    ['Guðmundsdóttir Þór Æsa', 'Gudmundsdottir THor AEsa'],
    ['Erd\\H{o}s, Erdős', 'Erdos, Erdos'],
    ['Nguyễn Đình', 'Nguyen Dinh'],
    ['α-synuclein', 'alpha-synuclein'],
    ['$\\alpha$-synuclein', 'alpha-synuclein'],
    ['Δ-learning with $\\Delta$', 'Delta-learning with Delta'],
    ['Ελλάδα', 'Ελλαδα'],
    ['CO₂ and CO$_2$', 'CO2 and CO2'],
    ['10⁵', '10 5'],
    ['data\u00ADbase Al\u200Bpha', 'database Alpha'],
    ['Alzheimer’s', "Alzheimer's"],
    ['ﬁne ｆｉｎｅ', 'fine fine'],
    ['AT&T, $5 and $6', 'AT&T, $5 and $6'],
    ['شَدّة', 'شدة'],
    ['が', 'が'],
  ])('%s is %s', (text, folded) => {
    expect(foldText(text)).toBe(folded)
  })

  test('gives what folds to itself', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aßøŁıéΔ中が ̈-’') })
    fc.assert(
      fc.property(letters, (text) => {
        const folded = foldText(text)
        expect(foldText(folded)).toBe(folded)
      }),
    )
  })

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        foldText(text)
      }),
    )
  })
})
