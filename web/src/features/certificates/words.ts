import type { CertificateStatus, RevocationReason } from '@/api/types'
import type { ChipTone } from '@/ui/chip'

export const statusTones: Record<CertificateStatus, ChipTone> = {
  intended: 'plain',
  valid: 'jade',
  expired: 'plain',
  suspended: 'amber',
  revoked: 'amber',
}

const profiles = [
  'person',
  'person_event',
  'organization',
  'organization_event',
  'agent',
  'agent_event',
  'time_stamping',
  'ocsp',
  'log',
  'platform',
  'root',
  'issuing',
  'issuing_person',
  'issuing_organization',
  'issuing_services',
] as const
export type ProfileWord = (typeof profiles)[number]
export const profileWord = (word: string): ProfileWord | undefined => profiles.find((known) => known === word)

const reasons = [
  'unspecified',
  'key_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
  'privilege_withdrawn',
  'certificate_hold',
  'ca_compromise',
  'aa_compromise',
  'remove_from_crl',
] as const
export type ReasonWord = (typeof reasons)[number]
export const reasonWord = (word: string): ReasonWord | undefined => reasons.find((known) => known === word)

/** What a subject may say of their own certificate. */
export const ownReasons: RevocationReason[] = [
  'key_compromise',
  'cessation_of_operation',
  'affiliation_changed',
  'superseded',
  'unspecified',
]

/** What an administrator may say. */
export const officeReasons: RevocationReason[] = ['privilege_withdrawn', ...ownReasons]

const events = [
  'certificate.intended',
  'certificate.issued',
  'certificate.abandoned',
  'certificate.refused',
  'certificate.given_up',
  'certificate.unusable',
  'certificate.revocation_confirmed',
  'certificate.suspended',
  'certificate.released',
  'certificate.revoked',
  'certificate.change_requested',
  'certificate.change_approved',
  'certificate.change_refused',
  'certificate.lapse_announced',
  'certificate.lapse_held',
  'certificate.lapsed',
] as const
export const eventWord = (kind: string) => {
  const known = events.find((it) => it === kind)
  return known?.slice('certificate.'.length) as
    | 'intended'
    | 'issued'
    | 'abandoned'
    | 'refused'
    | 'given_up'
    | 'unusable'
    | 'revocation_confirmed'
    | 'suspended'
    | 'released'
    | 'revoked'
    | 'change_requested'
    | 'change_approved'
    | 'change_refused'
    | 'lapse_announced'
    | 'lapse_held'
    | 'lapsed'
    | undefined
}

/** A serial number in groups that the eye can follow. */
export const grouped = (hex: string) => hex.match(/.{1,4}/g)?.join(' ') ?? hex
