import type { components } from '@/api/schema'

type Schemas = components['schemas']

/** The verdict on a file, as `POST /api/v1/verify` gives it. */
export type Verification = Schemas['Verification']
export type VerifiedSignature = Schemas['VerifiedSignature']
/** Why something is as it is; in English, and in Chinese beside it. */
export type Reason = Schemas['VerificationReason'] & { text_zh?: string }

export const conditions = ['exclusive', 'sole_control', 'signature_intact', 'content_intact'] as const
export type ConditionName = (typeof conditions)[number]
