import type { EnvelopeStatus } from '@/api/types'

export const envelopeStatuses = [
  'draft',
  'sent',
  'completed',
  'declined',
  'voided',
  'expired',
] as const satisfies readonly EnvelopeStatus[]

export function toEnvelopeStatus(value: unknown): EnvelopeStatus | undefined {
  return envelopeStatuses.find((status) => status === value)
}
