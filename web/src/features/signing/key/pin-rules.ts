export interface PinRules {
  length: boolean
  easy: boolean
  same: boolean
}

/** Up to so many digits are a PIN; more, or anything else, a phrase. */
const mostDigits = 12

/** The rules as the page ticks them off while typing; the server decides by the same. */
export function pinRules(typed: string, again: string): PinRules {
  const pin = typed.trim()
  const characters = [...pin]
  const digits = /^\d+$/.test(pin) && characters.length <= mostDigits
  const length = characters.length >= (digits ? 6 : 8) && characters.length <= 128
  const varied = digits ? !isDate(pin) : new Set(characters).size >= 4
  return {
    length,
    easy: length && varied && !isRun(characters) && !isRepetition(characters),
    same: length && typed === again,
  }
}

/** Up or down by one, also over the end of the digits: 890123. */
function isRun(characters: string[]): boolean {
  const step = (from: string, to: string) => {
    if (from === '9' && to === '0') return 1
    if (from === '0' && to === '9') return -1
    return (to.codePointAt(0) ?? 0) - (from.codePointAt(0) ?? 0)
  }
  return [1, -1].some((by) => characters.every((to, i) => i === 0 || step(characters[i - 1] ?? '', to) === by))
}

function isRepetition(characters: string[]): boolean {
  for (let period = 1; period <= characters.length / 2; period += 1) {
    if (characters.length % period === 0 && characters.every((it, i) => it === characters[i % period])) return true
  }
  return false
}

/** YYMMDD, YYYYMMDD, MMDDYYYY and DDMMYYYY. */
function isDate(pin: string): boolean {
  const number = (from: number, to: number) => Number(pin.slice(from, to))
  const day = (month: number, date: number) => month >= 1 && month <= 12 && date >= 1 && date <= 31
  const year = (it: number) => it >= 1900 && it <= 2099
  if (pin.length === 6) return day(number(2, 4), number(4, 6))
  if (pin.length !== 8) return false
  if (year(number(0, 4)) && day(number(4, 6), number(6, 8))) return true
  return year(number(4, 8)) && (day(number(0, 2), number(2, 4)) || day(number(2, 4), number(0, 2)))
}
