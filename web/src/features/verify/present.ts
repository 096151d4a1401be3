import type { Locale } from '@/i18n/locale'
import type { Reason, Verification, VerifiedSignature } from './verification'

export type Tone = 'jade' | 'amber' | 'seal'

export type Verdict =
  | { key: 'passed' | 'indeterminate' | 'indeterminate_untrusted'; count: number; tone: Tone }
  | { key: 'passed_sealed_only' | 'failed_changed' | 'failed' | 'unsigned'; tone: Tone }

/** What is said first: signed by how many, and whether anything changed since. */
export function verdictOf({ signatures, indication }: Verification): Verdict {
  if (signatures.length === 0) return { key: 'unsigned', tone: 'amber' }
  if (signatures.some(isChanged)) return { key: 'failed_changed', tone: 'seal' }
  if (indication === 'TOTAL-FAILED') return { key: 'failed', tone: 'seal' }
  const count = partiesOf(signatures)
  if (indication !== 'TOTAL-PASSED') {
    const unknown = signatures.some((signature) => !signature.trusted)
    return { key: unknown ? 'indeterminate_untrusted' : 'indeterminate', count, tone: 'amber' }
  }
  return count === 0 ? { key: 'passed_sealed_only', tone: 'jade' } : { key: 'passed', count, tone: 'jade' }
}

/** Signed bytes altered, or a later change that was not permitted. */
export function isChanged(signature: VerifiedSignature): boolean {
  return (
    signature.changes_after === 'forbidden' ||
    signature.sub_indication === 'HASH_FAILURE' ||
    signature.reliability.content_intact === 'not met'
  )
}

/** What stands in the column "After signing". */
export function changeOf(signature: VerifiedSignature): 'none' | 'permitted' | 'forbidden' | 'broken' {
  if (signature.changes_after === 'forbidden') return 'forbidden'
  if (isChanged(signature)) return 'broken'
  return signature.changes_after === 'permitted' ? 'permitted' : 'none'
}

/** Parties, not signatures: who signs twice with one certificate is one party. */
function partiesOf(signatures: readonly VerifiedSignature[]): number {
  const parties = signatures
    .filter((signature) => signature.kind !== 'doc-timestamp')
    .map((signature) => signature.fingerprint ?? signature.serial ?? signature.field)
  return new Set(parties).size
}

export function statusOf({ indication }: Pick<VerifiedSignature, 'indication'>) {
  if (indication === 'TOTAL-PASSED') return { key: 'passed', tone: 'jade' } as const
  if (indication === 'TOTAL-FAILED') return { key: 'failed', tone: 'seal' } as const
  return { key: 'indeterminate', tone: 'amber' } as const
}

/** A condition of Art. 13: only what is proved is met. */
export function conditionOf(condition: string) {
  if (condition === 'met') return { key: 'met', tone: 'jade' } as const
  if (condition === 'not met') return { key: 'not_met', tone: 'seal' } as const
  return { key: 'not_shown', tone: 'amber' } as const
}

/** The words of a reason, and their language where it is not the page's. */
export function reasonText(reason: Reason, locale: Locale): { text: string; lang?: Locale } {
  if (locale === 'en') return { text: reason.text }
  return reason.text_zh ? { text: reason.text_zh } : { text: reason.text, lang: 'en' }
}

/** Findings that speak for a signature. Any other, one that is new to this page too, is for the reader to weigh. */
const favourable = new Set([
  'digest_matches',
  'signature_verifies',
  'trusted',
  'time_stamped',
  'no_changes',
  'permitted_changes',
  'policy_matches',
  'policy_written',
  'proved_before',
  'past_validated',
])

/** What speaks against a signature or leaves a doubt, and what holds: never in one list. */
export function weighed({ reasons }: Pick<VerifiedSignature, 'reasons'>): { against: Reason[]; holds: Reason[] } {
  return {
    against: reasons.filter(({ code }) => !favourable.has(code)),
    holds: reasons.filter(({ code }) => favourable.has(code)),
  }
}

/** What was changed and may not have been, each thing once. */
export function forbiddenChanges(verification: Verification): Reason[] {
  const found = new Map<string, Reason>()
  for (const signature of verification.signatures) {
    for (const { permitted, what } of signature.changes) {
      if (!permitted) found.set(`${what.code}${JSON.stringify(what.params)}`, what)
    }
  }
  return [...found.values()]
}
