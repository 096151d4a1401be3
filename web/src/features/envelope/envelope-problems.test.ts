import { describe, expect, it } from 'vitest'
import type { Envelope, Field, Recipient } from '@/api/types'
import { envelopeProblems } from './envelope-problems'

const recipient = (patch: Partial<Recipient>) =>
  ({
    id: 'rcp_1',
    kind: 'person',
    name: 'Ann',
    email: 'a@b.cn',
    phone_masked: null,
    organization: null,
    ...patch,
  }) as Recipient

const field = (type: Field['type'], of = 'rcp_1') => ({ recipient_id: of, type }) as Field

const envelope = (patch: Partial<Envelope>) =>
  ({
    title: 'Lease',
    documents: [{ certification: null, existing_signatures: 0 }],
    recipients: [recipient({})],
    fields: [field('signature')],
    ...patch,
  }) as Envelope

const codes = (patch: Partial<Envelope>) => envelopeProblems(envelope(patch)).map((problem) => problem.code)

describe('what keeps a draft from being sent', () => {
  it('is nothing when all is there', () => {
    expect(codes({})).toEqual([])
  })

  it('is named all at once, with the step to mend it', () => {
    const problems = envelopeProblems(envelope({ title: ' ', documents: [], recipients: [], fields: [] }))
    expect(problems.map(({ code, step }) => `${code}@${step}`)).toEqual([
      'document_missing@documents',
      'title_required@documents',
      'recipients_missing@recipients',
    ])
  })

  it('is a company with neither a seal nor its agent’s signature, or with both', () => {
    const company = recipient({ kind: 'organization', organization: '星河科技有限公司' })
    expect(codes({ recipients: [company], fields: [] })).toEqual(['field_signature_missing'])
    expect(codes({ recipients: [company], fields: [field('seal'), field('signature')] })).toEqual([
      'field_type_mismatch',
    ])
    for (const mark of ['seal', 'signature'] as const) {
      expect(codes({ recipients: [company], fields: [field(mark)] })).toEqual([])
    }
  })

  it('is a recipient whom no invitation would reach', () => {
    expect(codes({ recipients: [recipient({ email: null })] })).toEqual(['recipient_contact_missing'])
  })

  it('is a text field in a document that is signed already', () => {
    const documents = [{ certification: null, existing_signatures: 1 }] as Envelope['documents']
    expect(codes({ documents, fields: [field('signature'), field('date')] })).toEqual(['pdf_fields_locked'])
  })

  it('is an author who allows no change', () => {
    const documents = [{ certification: 1, existing_signatures: 1 }] as Envelope['documents']
    expect(codes({ documents })).toEqual(['pdf_no_changes_allowed'])
  })
})
