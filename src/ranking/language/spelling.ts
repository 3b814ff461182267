/**
 * British spellings → American ones, for words in lower case. Papers and queries are changed alike, so a word that is changed
 * without need ("surprise" → "surprize") still finds itself. Two different words must never become one.
 */
const AMERICAN: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|able|ation|ations|ational)$)/, 'iz'],
  [/lys(?=(?:e|es|ed|er|ers|ing)$)/, 'lyz'],
  [
    /(?<=behavi|tum|neighb|flav|fav|lab|vap|rum|hum|hon|harb|od|col|endeav|ferv|rig|vig|arm|glam|sav|splend|cand|clam|demean|savi|val)our/,
    'or',
  ],
  [/(?<=cent|fib|met|lit|theat|calib|spect|lust)re(?=s?$)/, 'er'],
  [/(?<=cent|fib)red$/, 'ered'],
  [
    /(?<=mod|lab|trav|canc|chann|fu|tunn|lev|pan|parc|couns|funn|marv|rev|shov|swiv|unrav)ell(?=(?:ed|ing|er|ers|or|ors)$)/,
    'el',
  ],
  [/(?<=sign|equ|tot|initi|di|riv|ped|marsh|spir)all(?=(?:ed|ing|er|ers)$)/, 'al'],
  [/^(fulfil|enrol|instil|distil)(?=(?:s|ment|ments)?$)/, '$1l'],
  [/^(ski|wi)l(?=ful)/, '$1ll'],
  [/(?<=def|off|lic|pret)ence(?=s?$)/, 'ense'],
  [/(?<=ana|cata|dia|mono|homo)logue(?=s?$)/, 'log'],
  [/aem/, 'em'],
  [/anaesth/, 'anesth'],
  [/aetiol/, 'etiol'],
  [/paed/, 'ped'],
  [/palae/, 'pale'],
  [/(?<=^|gyn|^f|^c)aec/, 'ec'],
  [/caesar/, 'cesar'],
  [/oestr/, 'estr'],
  [/oesoph/, 'esoph'],
  [/oedem/, 'edem'],
  [/^foet/, 'fet'],
  [/rrhoea/, 'rrhea'],
  [/coelia/, 'celia'],
  [/amoeb/, 'ameb'],
  [/^ageing$/, 'aging'],
  [/^(acknowled|jud)gement/, '$1gment'],
  [/^programme(?=s?$)/, 'program'],
  [/^artefact/, 'artifact'],
  [/^aluminium/, 'aluminum'],
  [/^sceptic/, 'skeptic'],
  [/sulph/, 'sulf'],
  [/^grey/, 'gray'],
  [/^mould/, 'mold'],
  [/^plough/, 'plow'],
  [/^manoeuv(?:re|r)/, 'maneuver'],
  [/^learnt$/, 'learned'],
]

/** "tumour" → "tumor", "optimisation" → "optimization", "modelling" → "modeling". */
export function americanSpelling(word: string): string {
  return AMERICAN.reduce((spelled, [pattern, replacement]) => spelled.replace(pattern, replacement), word)
}
