import type { EnvelopeStatus } from '@/api/types'

/** What a list can be narrowed to; an envelope that is being completed is among those sent. */
export const envelopeStatuses = [
  'draft',
  'sent',
  'completed',
  'declined',
  'voided',
  'expired',
] as const satisfies readonly EnvelopeStatus[]

/** Whether it may change without the reader doing anything. */
export function isUnderWay(status: EnvelopeStatus | undefined): boolean {
  return status === 'sent' || status === 'completing'
}

export function toEnvelopeStatus(value: unknown): EnvelopeStatus | undefined {
  return envelopeStatuses.find((status) => status === value)
}
