import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Locale, toLocale } from './locale'

/** Dates, sizes and numbers in the reader's language. `zoned` says the zone, for where the time is a fact of evidence. */
export function formatter(locale: Locale, timeZone?: string) {
  const day = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone })
  const moment = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
  const zoned = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  })
  const zonedMinute = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone,
  })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
  const number = new Intl.NumberFormat(locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return {
    locale,
    date: (value: string | Date) => day.format(new Date(value)),
    dateTime: (value: string | Date) => moment.format(new Date(value)),
    zonedDateTime: (value: string | Date) => zoned.format(new Date(value)),
    /** A deadline: to the minute, with its zone. */
    zonedMinute: (value: string | Date) => zonedMinute.format(new Date(value)),
    time: (value: string | Date) => clock.format(new Date(value)),
    number: (value: number) => number.format(value),
    bytes: (value: number) => formatBytes(value, locale),
    fromNow: (value: string | Date, now = new Date()) => fromNow(relative, new Date(value), now),
    either: (values: string[]) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(values),
    list: (values: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(values),
  }
}

export type Formatter = ReturnType<typeof formatter>

export function useFormat(): Formatter {
  const { i18n } = useTranslation()
  const locale = toLocale(i18n.language) ?? 'en'
  return useMemo(() => formatter(locale), [locale])
}

function formatBytes(value: number, locale: Locale): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let amount = value
  let step = 0
  // As file managers count, and as limits are set: 1 MB is 1024 KB.
  while (amount >= 1024 && step < units.length - 1) {
    amount /= 1024
    step += 1
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: amount < 10 && step > 0 ? 1 : 0,
  }).format(amount)
}

function fromNow(relative: Intl.RelativeTimeFormat, value: Date, now: Date): string {
  const seconds = (value.getTime() - now.getTime()) / 1000
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ]
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  }
  return relative.format(0, 'minute')
}
