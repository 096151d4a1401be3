import type { OwnField } from '@/features/signing/ceremony-types'

export type Values = Readonly<Record<string, string>>

/** Reading order: page by page, from the top, then from the left. */
export function inReadingOrder(fields: readonly OwnField[]): OwnField[] {
  return [...fields].sort((a, b) => a.page - b.page || a.y - b.y || a.x - b.x)
}

export function isImpressionField(field: OwnField): boolean {
  return field.type === 'signature' || field.type === 'seal'
}

/** Saved values, with today's date in dates that have none yet. */
export function initialValues(fields: readonly OwnField[], today: string): Values {
  const values: Record<string, string> = {}
  for (const field of fields) {
    if (isImpressionField(field)) continue
    values[field.id] = field.value ?? (field.type === 'date' ? today : '')
  }
  return values
}

export function isFilled(field: OwnField, values: Values, adopted: boolean): boolean {
  return isImpressionField(field) ? adopted : (values[field.id] ?? '').trim() !== ''
}

export function leftOf(fields: readonly OwnField[], values: Values, adopted: boolean): OwnField[] {
  return inReadingOrder(fields).filter((field) => field.required && !isFilled(field, values, adopted))
}

/** Where "Next" goes: the first open field after the present one, else from the start; written fields come before the signature. */
export function nextField(
  fields: readonly OwnField[],
  values: Values,
  adopted: boolean,
  after: string | null,
): OwnField | null {
  const order = inReadingOrder(fields)
  const open = leftOf(fields, values, adopted)
  const written = open.filter((field) => !isImpressionField(field))
  const candidates = written.length > 0 ? written : open
  const from = order.findIndex((field) => field.id === after)
  return candidates.find((field) => order.indexOf(field) > from) ?? candidates[0] ?? null
}

/** Today in the signer's own zone, as a date field holds it. */
export function today(now: Date = new Date()): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`
}
