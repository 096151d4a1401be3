import type { Envelope, Recipient } from '@/api/types'

/** How a recipient signs: for themselves, by hand as an organization's agent, or with its seal. */
export function roleOf({ fields }: Pick<Envelope, 'fields'>, { id, kind }: Pick<Recipient, 'id' | 'kind'>) {
  if (kind === 'person') return 'person'
  return fields.some((field) => field.recipient_id === id && field.type === 'signature') ? 'agent' : 'organization'
}
