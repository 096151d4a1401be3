const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checks = '10X98765432'

export type ResidentIdFault = 'length' | 'characters' | 'date' | 'checksum'

/** What people type or paste, as it is sent: no spaces, capital X. */
export function tidyResidentId(text: string): string {
  return text.replace(/[\s·\-—]/g, '').toUpperCase()
}

/** GB 11643: what is wrong with a resident ID number, as a hint while typing; the server decides. */
export function residentIdFault(text: string): ResidentIdFault | null {
  const id = tidyResidentId(text)
  if (!/^\d*X?$/.test(id)) return 'characters'
  if (id.length !== 18) return 'length'
  if (!isDate(id.slice(6, 10), id.slice(10, 12), id.slice(12, 14))) return 'date'
  const sum = weights.reduce((total, weight, index) => total + weight * Number(id[index]), 0)
  return id[17] === checks[sum % 11] ? null : 'checksum'
}

function isDate(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return Number(year) >= 1800 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}
