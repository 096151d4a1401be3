import type { Envelope, Recipient } from '@/api/types'
import type { EnvelopeStep } from './steps'

/** What keeps a draft from being sent: the server's own codes, and the step where it is mended. */
export interface EnvelopeProblem {
  code: string
  params?: Record<string, string | number>
  step: EnvelopeStep
}

/** Everything that is missing at once, where the server would name the first. The server still has the last word. */
export function envelopeProblems(envelope: Envelope): EnvelopeProblem[] {
  const problems: EnvelopeProblem[] = []
  if (envelope.documents.length === 0) problems.push({ code: 'document_missing', step: 'documents' })
  if (envelope.documents.some((document) => document.certification === 1)) {
    problems.push({ code: 'pdf_no_changes_allowed', step: 'documents' })
  }
  if (!envelope.title.trim()) problems.push({ code: 'title_required', step: 'documents' })
  if (envelope.recipients.length === 0) problems.push({ code: 'recipients_missing', step: 'recipients' })
  for (const recipient of envelope.recipients) {
    problems.push(...recipientProblems(recipient), ...fieldProblems(envelope, recipient))
  }
  return problems
}

/** How a recipient is called towards others: a company by its own name. */
export function shownName(recipient: Pick<Recipient, 'kind' | 'name' | 'organization'>): string {
  return (recipient.kind === 'organization' && recipient.organization) || recipient.name
}

function recipientProblems(recipient: Recipient): EnvelopeProblem[] {
  const problems: EnvelopeProblem[] = []
  const params = { name: shownName(recipient) }
  if (recipient.kind === 'organization' && !recipient.organization) {
    problems.push({ code: 'recipient_organization_missing', params, step: 'recipients' })
  }
  if (!recipient.email && !recipient.phone_masked) {
    problems.push({ code: 'recipient_contact_missing', params, step: 'recipients' })
  }
  return problems
}

function fieldProblems(envelope: Envelope, recipient: Recipient): EnvelopeProblem[] {
  const problems: EnvelopeProblem[] = []
  const params = { name: shownName(recipient) }
  const own = envelope.fields.filter((field) => field.recipient_id === recipient.id)
  const has = (type: string) => own.some((field) => field.type === type)
  const organization = recipient.kind === 'organization'
  if (!has('signature') && !(organization && has('seal'))) {
    problems.push({ code: 'field_signature_missing', params, step: 'fields' })
  }
  if (has('seal') && (!organization || has('signature'))) {
    problems.push({ code: 'field_type_mismatch', params, step: 'fields' })
  }
  const signedBefore = envelope.documents.some((document) => document.existing_signatures > 0)
  if (signedBefore && own.some((field) => field.type === 'date' || field.type === 'text')) {
    problems.push({ code: 'pdf_fields_locked', step: 'fields' })
  }
  return problems
}
