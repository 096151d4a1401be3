import type { CeremonyStep, Ceremony as Served } from '@/api/types'

export type Ceremony = Served
export type Step = CeremonyStep
export type IdentityState = Ceremony['identity']
export type OrganizationState = NonNullable<Ceremony['organization']>
export type CeremonyKey = Ceremony['key']
export type CeremonyDocument = Ceremony['envelope']['documents'][number]
/** A field of the signer's own; points from the top left corner of the page as shown. */
export type OwnField = Ceremony['fields'][number]
/** Another party's place, for display only. */
export type Mark = Ceremony['marks'][number]

export const steps = [
  'request',
  'consent',
  'identity',
  'organization',
  'document',
  'impression',
  'key',
  'confirm',
  'done',
  'waiting',
  'declined',
  'voided',
  'expired',
] as const satisfies readonly Step[]

export const sealPurposes = ['company', 'contract', 'finance', 'personnel'] as const
export type SealPurpose = (typeof sealPurposes)[number]
