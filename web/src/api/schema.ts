// Stands in for the generated schema until the server's OpenAPI document exists. Same shape as openapi-typescript's.

export interface paths {
  '/api/v1/server': {
    get: {
      parameters: { header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Server'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/session': {
    get: {
      parameters: { header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['SessionView'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/accounts': {
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['SignUp'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['EmailSent'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/accounts/verify': {
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['TokenBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['AccountView'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/accounts/resend': {
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['EmailBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': never } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/accounts/password-reset': {
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['EmailBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': never } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/accounts/password': {
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['NewPassword'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['AccountView'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/accounts/me': {
    patch: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['AccountPatch'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['AccountView'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/sessions': {
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['LogIn'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['AccountView'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/sessions/current': {
    delete: {
      parameters: { header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': never } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes': {
    get: {
      parameters: { query?: { status?: string; q?: string; cursor?: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['EnvelopePage'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
    post: {
      parameters: { header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['NewEnvelope'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}': {
    get: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
    patch: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['EnvelopePatch'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
    delete: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': never } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/documents/{doc_id}': {
    delete: {
      parameters: { path: { id: string; doc_id: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/recipients': {
    put: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['RecipientsBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/fields': {
    put: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['FieldsBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/send': {
    post: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/void': {
    post: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['ReasonBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/recipients/{rcp}/remind': {
    post: {
      parameters: { path: { id: string; rcp: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Envelope'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/envelopes/{id}/events': {
    get: {
      parameters: { path: { id: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['EventPage'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}': {
    get: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/session': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['TokenBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/view': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['Empty'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/consent': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['ConsentBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/decline': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['ReasonBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/identity': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['IdentityBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/identity/code': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['CodeBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/identity/resend': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['Empty'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/identity/restart': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['Empty'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/organization': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['OrganizationBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/organization/payment': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['PaymentBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/organization/payment/confirm': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['PaymentConfirmBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/fields': {
    put: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['FieldValuesBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/impressions': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['ImpressionBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/impressions/preview': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['ImpressionBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['ImpressionPreview'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/impression': {
    put: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['ImpressionChoice'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/key': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['KeyBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/key/replace': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['Empty'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/signing/{rcp}/sign': {
    post: {
      parameters: { path: { rcp: string }; header?: never; cookie?: never }
      requestBody: { content: { 'application/json': components['schemas']['SignBody'] } }
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Ceremony'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/outbox': {
    get: {
      parameters: { query?: { q?: string; cursor?: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['OutboxPage'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/sandbox/register': {
    get: {
      parameters: { header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['SandboxRegister'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
  '/api/v1/sandbox/bank': {
    get: {
      parameters: { query?: { account?: string }; header?: never; cookie?: never }
      requestBody?: never
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['SandboxBank'] } }; default: { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem'] } } }
    }
  }
}

export interface components {
  schemas: {
    Problem: { type?: string; title: string; status: number; code: string; detail?: string; params?: { [key: string]: string | number }; field?: string }
    Empty: Record<string, never>
    Locale: 'en' | 'zh-CN'
    Trust: 'test' | 'licensed'
    Server: { name: string; version: string; trust: components['schemas']['Trust']; sandbox: boolean; outbox: boolean; public_url: string; limits: { upload_bytes: number; pages: number }; time: string }
    Account: { id: string; email: string; name: string; locale: components['schemas']['Locale']; created_at: string }
    SessionView: { account: components['schemas']['Account'] | null }
    AccountView: { account: components['schemas']['Account'] }
    EmailSent: { email: string }
    SignUp: { email: string; password: string; name: string; locale: components['schemas']['Locale'] }
    TokenBody: { token: string }
    EmailBody: { email: string }
    NewPassword: { token: string; password: string }
    AccountPatch: { name?: string; locale?: components['schemas']['Locale'] }
    LogIn: { email: string; password: string }
    EnvelopeStatus: 'draft' | 'sent' | 'completed' | 'declined' | 'voided' | 'expired'
    RecipientStatus: 'waiting' | 'invited' | 'opened' | 'identified' | 'signed' | 'declined'
    RecipientKind: 'person' | 'organization'
    FieldType: 'signature' | 'seal' | 'date' | 'text'
    EnvelopeSummary: { id: string; title: string; status: components['schemas']['EnvelopeStatus']; created_at: string; updated_at: string; sent_at: string | null; completed_at: string | null; expires_at: string | null; recipients: { name: string; kind: components['schemas']['RecipientKind']; status: components['schemas']['RecipientStatus'] }[]; waiting_for: string | null }
    EnvelopePage: { items: components['schemas']['EnvelopeSummary'][]; next_cursor: string | null; counts: { draft: number; sent: number; completed: number; declined: number; voided: number; expired: number } }
    NewEnvelope: { title?: string; locale?: components['schemas']['Locale'] }
    EnvelopePatch: { title?: string; message?: string; order?: 'sequential' | 'parallel'; expires_in_days?: number; locale?: components['schemas']['Locale'] }
    PageSize: { width: number; height: number }
    Revision: { number: number; kind: 'original' | 'fields' | 'signature' | 'validation'; sha256: string; size: number; at: string }
    Document: { id: string; name: string; pages: number; size: number; sha256: string; existing_signatures: number; certification: 1 | 2 | 3 | null; has_form: boolean; page_sizes: components['schemas']['PageSize'][]; revisions: components['schemas']['Revision'][] }
    Recipient: { id: string; kind: components['schemas']['RecipientKind']; name: string; email: string | null; phone_masked: string | null; organization: string | null; locale: components['schemas']['Locale']; order: number; status: components['schemas']['RecipientStatus']; invited_at: string | null; opened_at: string | null; identified_at: string | null; signed_at: string | null; verified: { name_masked: string; how: string[]; organization: string | null } | null; certificate: { serial: string; subject: string; not_after: string } | null }
    Field: { id: string; recipient_id: string; document_id: string; type: components['schemas']['FieldType']; page: number; x: number; y: number; width: number; height: number; required: boolean; label: string; value: string | null }
    Envelope: { id: string; title: string; message: string; status: components['schemas']['EnvelopeStatus']; order: 'sequential' | 'parallel'; locale: components['schemas']['Locale']; created_at: string; updated_at: string; sent_at: string | null; completed_at: string | null; expires_at: string | null; expires_in_days: number; sender: { name: string; email: string }; decline: { recipient_id: string; reason: string; at: string } | null; void_reason: string | null; documents: components['schemas']['Document'][]; recipients: components['schemas']['Recipient'][]; fields: components['schemas']['Field'][]; trust: components['schemas']['Trust']; report_ready: boolean }
    RecipientsBody: { recipients: { id?: string; kind: components['schemas']['RecipientKind']; name: string; email?: string; phone?: string; organization?: string; locale: components['schemas']['Locale']; order: number }[] }
    FieldsBody: { fields: { id?: string; recipient_id: string; document_id: string; type: components['schemas']['FieldType']; page: number; x: number; y: number; width: number; height: number; required: boolean; label?: string }[] }
    ReasonBody: { reason: string }
    Event: { seq: number; at: string; kind: string; actor: { kind: 'account' | 'recipient' | 'system'; name_masked: string }; params: { [key: string]: string }; hash: string; prev_hash: string }
    EventPage: { items: components['schemas']['Event'][]; chain: { first: number; last: number; head_hash: string; intact: boolean } }
    CeremonyStep: 'request' | 'consent' | 'identity' | 'organization' | 'document' | 'impression' | 'key' | 'confirm' | 'done' | 'waiting' | 'declined' | 'voided' | 'expired'
    Mark: { page: number; x: number; y: number; width: number; height: number; type: components['schemas']['FieldType']; done: boolean; name: string }
    Impression: { id: string; kind: 'drawn' | 'typed' | 'seal_drawn' | 'seal_uploaded'; svg: string; width_mm: number; height_mm: number; created_at: string }
    CeremonyDocument: { id: string; name: string; pages: number; size: number; sha256: string; page_sizes: components['schemas']['PageSize'][] }
    Ceremony: {
      recipient: { id: string; kind: components['schemas']['RecipientKind']; name: string; organization: string | null; locale: components['schemas']['Locale']; status: components['schemas']['RecipientStatus'] }
      envelope: { title: string; message: string; status: components['schemas']['EnvelopeStatus']; sender: { name: string; email_masked: string; organization?: string | null }; sent_at: string | null; expires_at: string | null; documents: components['schemas']['CeremonyDocument'][]; trust: components['schemas']['Trust'] }
      step: components['schemas']['CeremonyStep']
      waiting_for: string | null
      consent: { version: string; digest: string; given_at: string | null; paragraphs: { en: string[]; 'zh-CN': string[] } }
      identity: { state: 'none' | 'code_sent' | 'verified'; name_masked: string | null; id_number_masked: string | null; phone_masked: string | null; resend_at: string | null; tries_left: number; verified_at: string | null; how: string[] }
      organization: null | { state: 'none' | 'registry_checked' | 'payment_sent' | 'verified'; name: string | null; credit_code: string | null; legal_representative_masked: string | null; account_masked: string | null; tries_left: number; locked_until: string | null; expires_at: string | null; verified_at: string | null }
      fields: components['schemas']['Field'][]
      marks: components['schemas']['Mark'][]
      impressions: components['schemas']['Impression'][]
      adopted: string | null
      key: { state: 'none' | 'ready' | 'locked'; tries_left: number; locked_until: string | null }
      certificate: null | { serial: string; subject: string; issuer: string; not_before: string; not_after: string; fingerprint: string }
      result: null | { signed_at: string; time_stamp: string | null; level: string; document_sha256: string; completed: boolean }
      decline: null | { reason: string; at: string }
    }
    ConsentBody: { version: string; locale: components['schemas']['Locale'] }
    IdentityBody: { name: string; id_number: string; phone: string }
    CodeBody: { code: string }
    OrganizationBody: { name: string; credit_code: string; legal_representative: string }
    PaymentBody: { account_number: string }
    PaymentConfirmBody: { amount_fen: number }
    FieldValuesBody: { values: { id: string; value: string }[] }
    ImpressionBody:
      | { kind: 'drawn'; strokes: { x: number; y: number; t?: number; p?: number }[][]; width: number; height: number }
      | { kind: 'typed'; text: string }
      | { kind: 'seal_drawn'; purpose: 'company' | 'contract' | 'finance' | 'personnel'; number?: string; diameter_mm?: number }
      | { kind: 'seal_uploaded'; image_base64: string; diameter_mm: number }
    ImpressionPreview: { svg: string; width_mm: number; height_mm: number }
    ImpressionChoice: { id: string }
    KeyBody: { pin: string }
    SignBody: { pin: string; locale: components['schemas']['Locale']; documents: { id: string; sha256: string }[] }
    OutboxMessage: { id: string; channel: 'mail' | 'sms'; to: string; subject: string; body: string; links: { label: string; url: string }[]; code: string | null; created_at: string }
    OutboxPage: { items: components['schemas']['OutboxMessage'][]; next_cursor: string | null }
    SandboxRegister: { people: { name: string; id_number: string; phone: string }[]; organizations: { name: string; credit_code: string; legal_representative: string; account_number: string; bank: string; state: string }[] }
    SandboxBank: { transfers: { id: string; account_number: string; account_name: string; amount_fen: number; remark: string; payer: string; at: string }[] }

  }
}
