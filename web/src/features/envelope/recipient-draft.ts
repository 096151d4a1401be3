import type { Recipient, RecipientInput, RecipientKind } from '@/api/types'
import type { Locale } from '@/i18n/locale'

/** A recipient while it is being written: `key` lives as long as the card, `id` comes from the server. */
export interface RecipientDraft {
  key: string
  id?: string
  kind: RecipientKind
  name: string
  email: string
  /** What was typed; empty where only the server knows the number. */
  phone: string
  /** The number the server keeps, masked. */
  phoneKept: string | null
  organization: string
  locale: Locale
}

let made = 0

export function newRecipient(kind: RecipientKind, locale: Locale): RecipientDraft {
  made += 1
  return { key: `new-${made}`, kind, name: '', email: '', phone: '', phoneKept: null, organization: '', locale }
}

export function toDraft(recipient: Recipient): RecipientDraft {
  return {
    key: recipient.id,
    id: recipient.id,
    kind: recipient.kind,
    name: recipient.name,
    email: recipient.email ?? '',
    phone: '',
    phoneKept: recipient.phone_masked ?? null,
    organization: recipient.organization ?? '',
    locale: recipient.locale,
  }
}

/** As the server takes it. A phone that is left out stays as it is there; an empty one is taken away. */
export function toInput(draft: RecipientDraft, place: number): RecipientInput {
  const input: RecipientInput = {
    kind: draft.kind,
    name: draft.name.trim(),
    locale: draft.locale,
    order: place + 1,
  }
  if (draft.id) input.id = draft.id
  if (draft.email.trim()) input.email = draft.email.trim()
  if (draft.phone.trim()) input.phone = draft.phone.trim()
  else if (!draft.phoneKept) input.phone = ''
  if (draft.kind === 'organization') input.organization = draft.organization.trim()
  return input
}

export type RecipientGap = 'name' | 'organization' | 'contact' | 'email' | 'phone'

/** What is missing or malformed, in the order of the form. */
export function recipientGaps(draft: RecipientDraft): RecipientGap[] {
  const gaps: RecipientGap[] = []
  if (draft.kind === 'organization' && !draft.organization.trim()) gaps.push('organization')
  if (!draft.name.trim()) gaps.push('name')
  if (draft.email.trim() && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.email.trim())) gaps.push('email')
  if (draft.phone.trim() && !/^\+?[\d\s-]{6,20}$/.test(draft.phone.trim())) gaps.push('phone')
  if (!draft.email.trim() && !draft.phone.trim() && !draft.phoneKept) gaps.push('contact')
  return gaps
}

/** The server takes whole recipients only. */
export function canBeKept(draft: RecipientDraft): boolean {
  return recipientGaps(draft).length === 0
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list]
  const [item] = next.splice(from, 1)
  if (item !== undefined) next.splice(Math.min(Math.max(to, 0), next.length), 0, item)
  return next
}
