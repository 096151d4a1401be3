export interface PinRules {
  length: boolean
  easy: boolean
  same: boolean
}

/** The rules as the page ticks them off while typing; the server's policy decides. */
export function pinRules(pin: string, again: string): PinRules {
  const long = pin.length >= 6
  return { length: long, easy: long && !isRun(pin) && !isRepetition(pin) && !isDate(pin), same: long && pin === again }
}

function isRun(pin: string): boolean {
  const codes = [...pin].map((character) => character.charCodeAt(0))
  return [1, -1].some((step) => codes.every((code, i) => i === 0 || code - (codes[i - 1] ?? 0) === step))
}

function isRepetition(pin: string): boolean {
  return [1, 2, 3].some((length) => {
    const unit = pin.slice(0, length)
    return pin.length > length && unit.repeat(Math.ceil(pin.length / length)).slice(0, pin.length) === pin
  })
}

/** YYMMDD, DDMMYY, MMDDYY and YYYYMMDD. */
function isDate(pin: string): boolean {
  if (!/^\d+$/.test(pin)) return false
  const day = (month: string, date: string) =>
    Number(month) >= 1 && Number(month) <= 12 && Number(date) >= 1 && Number(date) <= 31
  const part = (from: number) => pin.slice(from, from + 2)
  if (pin.length === 8) return /^(19|20)/.test(pin) && day(part(4), part(6))
  return pin.length === 6 && day(part(2), part(4))
}
