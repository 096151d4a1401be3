const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

export type CreditCodeFault = 'length' | 'characters' | 'checksum'

export function tidyCreditCode(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase()
}

/** GB 32100: what is wrong with a unified social credit code, as a hint while typing; the server decides. */
export function creditCodeFault(text: string): CreditCodeFault | null {
  const code = tidyCreditCode(text)
  const ranks = [...code].map((character) => alphabet.indexOf(character))
  if (ranks.includes(-1)) return 'characters'
  if (code.length !== 18) return 'length'
  const sum = weights.reduce((total, weight, index) => total + weight * (ranks[index] ?? 0), 0)
  return alphabet[(31 - (sum % 31)) % 31] === code[17] ? null : 'checksum'
}
