import type { Locale } from '@/i18n/locale'

export type Indication = 'TOTAL-PASSED' | 'INDETERMINATE' | 'TOTAL-FAILED'
export type Condition = 'met' | 'not met' | 'not shown'
export const conditions = ['exclusive', 'sole_control', 'signature_intact', 'content_intact'] as const
export type ConditionName = (typeof conditions)[number]

/** Why something is as it is; `text` in both languages, or in English alone from an older report. */
export interface Reason {
  code: string
  params: Record<string, string>
  text: Partial<Record<Locale, string>> | string
}

export interface VerifiedSignature {
  field: string
  kind: 'signature' | 'doc-timestamp' | 'certification'
  indication: Indication
  sub_indication: string | null
  level: string
  signer: string | null
  claimed_time: string | null
  best_time: string | null
  coverage: 'whole-file' | 'revision' | null
  changes_after: 'none' | 'permitted' | 'forbidden'
  reasons: Reason[]
  reliability: Record<ConditionName, Condition>
  reliability_reasons: Record<ConditionName, Reason>
  trusted: boolean
  revision: number | null
  subject: { common_name: string | null; organization: string | null } | null
  issuer: string | null
  serial: string | null
  fingerprint: string | null
  time_stamp: { time: string; authority: string | null; trusted: boolean } | null
  changes?: { revision: number; object: string | null; permitted: boolean; what: Reason }[]
}

/** The verdict on a file, as `POST /api/v1/verify` gives it. */
export interface Verification {
  file: string
  size: number
  sha256: string
  pages: number
  indication: Indication
  signatures: VerifiedSignature[]
  reasons?: Reason[]
  trust: 'test' | 'licensed'
  summary?: Partial<Record<Locale, string>>
}
