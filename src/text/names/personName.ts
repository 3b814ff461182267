/** The parts of one person's name: which are given names, which the family name, and in what order they are shown. */

const SUFFIX = /^(?:jr|sr|ii|iii|iv)\.?$/i

/** Whether the text is a suffix of a name: "Jr.", "III". */
export function isSuffix(text: string): boolean {
  return SUFFIX.test(text)
}

/** "B. Q.", "E.N.", "J.-P.", "BQ", "Yu. A."; particles may stand behind: "B. Q. van der". */
const INITIALS =
  /^(?:\p{Lu}\p{Ll}{0,2}\.[\s-]*|\p{Lu}{1,3}(?:[\s-]+|$))+(?:(?:van|von|de|der|den|del|da|di|dos|du|la|le|ten|ter|zu|zur)(?:\s+|$))*$/u

/** Whether the text is nothing but initials of given names. */
export function isInitials(text: string): boolean {
  return INITIALS.test(text) && !isSuffix(text)
}

/** Whether the name begins with an initial, as "B. Q. Beispiel" does: then its family name is not in front. */
export function beginsWithInitial(name: string): boolean {
  return /^\p{Lu}(?:\.|[\s-])/u.test(name)
}

/** "Muster", "O'Sample", "van der Beispiel", "de la Cruz": one word, and particles before it. */
const FAMILY =
  /^(?:(?:van|von|vom|de|der|den|del|della|da|di|do|dos|das|du|la|le|el|al|bin|ibn|ten|ter|te|zu|zur|af|av)\s+)*[^\s]+$/u

/** Whether the text can be nothing but a family name. */
export function isFamilyName(text: string): boolean {
  return FAMILY.test(text)
}

/** Scripts in which the family name comes first. */
const EAST_ASIAN = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}ー・·\s]+$/u

/** Whether the name is written in Chinese, Japanese or Korean script. */
export function isEastAsian(name: string): boolean {
  return EAST_ASIAN.test(name)
}

/** Something that names somebody has a letter; a lone sign or a number names nobody. */
export function isName(text: string): boolean {
  return /\p{L}/u.test(text)
}

/**
 * A name as it is shown, "Given Family Suffix"; in Chinese, Japanese and Korean "FamilyGiven". Parts are on one line;
 * undefined if all are empty.
 */
export function composeName(family = '', given = '', suffix = ''): string | undefined {
  const inOrder = isEastAsian(`${family}${given}`) ? [family + given, suffix] : [given, family, suffix]
  const name = inOrder.filter((part) => part !== '').join(' ')
  return name === '' ? undefined : name
}

/** "Given Family" of "Family, Given", with its suffix behind it; other names stay as they are. */
export function givenFirst(name: string): string {
  const [family, given, ...rest] = name.split(/[,，]/).map((part) => part.trim())
  if (!family || !given || rest.length > 1) return name
  // "Smith, Jr., John" and "Smith, John, Jr." both have a suffix. Three other parts are no name.
  const [first, suffix] = isSuffix(given) ? [rest[0], given] : [given, rest[0]]
  return composeName(family, first, suffix) ?? name
}

/** The family name of "Family, Given"; undefined if the name has no comma. */
export function familyBeforeComma(name: string): string | undefined {
  return /^[^,，]+(?=[,，])/.exec(name)?.[0]
}
