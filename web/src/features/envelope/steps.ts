/** The steps of a new envelope, in order; each has its own address. */
export const envelopeSteps = ['documents', 'recipients', 'fields', 'review'] as const

export type EnvelopeStep = (typeof envelopeSteps)[number]

export const stepAddress = {
  documents: '/envelopes/$envelopeId/edit/documents',
  recipients: '/envelopes/$envelopeId/edit/recipients',
  fields: '/envelopes/$envelopeId/edit/fields',
  review: '/envelopes/$envelopeId/edit/review',
} as const satisfies Record<EnvelopeStep, string>
