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
  if (indication === 'INDETERMINATE') {
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
  return isChanged(signature) ? 'broken' : signature.changes_after
}

/** Parties, not signatures: who signs twice with one certificate is one party. */
function partiesOf(signatures: readonly VerifiedSignature[]): number {
  const parties = signatures
    .filter((signature) => signature.kind !== 'doc-timestamp')
    .map((signature) => signature.fingerprint ?? signature.serial ?? signature.field)
  return new Set(parties).size
}

const statuses = {
  'TOTAL-PASSED': { key: 'passed', tone: 'jade' },
  INDETERMINATE: { key: 'indeterminate', tone: 'amber' },
  'TOTAL-FAILED': { key: 'failed', tone: 'seal' },
} as const

export function statusOf(signature: VerifiedSignature) {
  return statuses[signature.indication]
}

export const conditionTones = { met: 'jade', 'not met': 'seal', 'not shown': 'amber' } as const
export const conditionKeys = { met: 'met', 'not met': 'not_met', 'not shown': 'not_shown' } as const

/** The words of a reason, and their language where it is not the page's. */
export function reasonText(reason: Reason, locale: Locale): { text: string; lang?: Locale } {
  if (typeof reason.text === 'string') return { text: reason.text, lang: 'en' }
  const own = reason.text[locale]
  return own ? { text: own } : { text: reason.text.en ?? reason.code, lang: 'en' }
}

/** What was changed and may not have been, each thing once. */
export function forbiddenChanges(verification: Verification): Reason[] {
  const found = new Map<string, Reason>()
  for (const signature of verification.signatures) {
    for (const change of signature.changes ?? []) {
      if (!change.permitted) found.set(`${change.what.code}${JSON.stringify(change.what.params)}`, change.what)
    }
  }
  return [...found.values()]
}
