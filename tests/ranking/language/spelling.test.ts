import { describe, expect, test } from 'vitest'
import { stem } from '../../../src/ranking/language/stem.ts'

describe('British and American spellings are one word', () => {
  test.each(
    `tumour tumor, tumours tumors, colour color, colouring coloring, behavioural behavioral, neighbourhood neighborhood,
    favourite favorite, optimise optimize, optimisation optimization, optimiser optimizer, generalised generalized,
    tokenisers tokenizers, analyse analyze, analysing analyzing, catalysed catalyzed, centre center, centred centered,
    fibres fibers, nanometre nanometer, modelling modeling, labelled labeled, travelling traveling, signalling signaling,
    fulfilment fulfillment, defence defense, catalogue catalog, dialogues dialogs, anaemia anemia, haemorrhage hemorrhage,
    leukaemia leukemia, ischaemic ischemic, anaesthesia anesthesia, aetiology etiology, paediatric pediatric,
    gynaecology gynecology, faecal fecal, oestrogen estrogen, oesophageal esophageal, oedema edema, foetal fetal,
    diarrhoea diarrhea, coeliac celiac, palaeontology paleontology, ageing aging, programmes programs, artefacts artifacts,
    aluminium aluminum, sulphur sulfur, grey gray, manoeuvres maneuvers, judgement judgment, sceptical skeptical`
      .split(',')
      .map((pair) => pair.trim().split(/\s+/) as [string, string]),
  )('%s, %s', (british, american) => {
    expect(stem(british)).toBe(stem(american))
  })
})

describe('different words stay apart', () => {
  test.each([
    ['four', 'for'],
    ['tour', 'tor'],
    ['contour', 'contor'],
    ['hour', 'hor'],
    ['noise', 'nose'],
    ['calling', 'caling'],
    ['smaller', 'smal'],
    ['metro', 'meter'],
    ['phoenix', 'phenix'],
    ['poetry', 'petry'],
    ['coefficient', 'cefficient'],
    ['maelstrom', 'melstrom'],
    ['Israel', 'Isrel'],
  ])('%s, %s', (one, other) => {
    expect(stem(one)).not.toBe(stem(other))
  })
})
