import { describe, expect, it } from 'vitest'
import { changeOf, conditionOf, forbiddenChanges, reasonText, statusOf, verdictOf, weighed } from './present'
import type { Verification, VerifiedSignature } from './verification'

const reason = { code: 'digest_matches', params: {}, text: 'As signed.', text_zh: '未被更改。' }

const signature = (over: Partial<VerifiedSignature> = {}) =>
  ({
    field: 'a',
    kind: 'signature',
    indication: 'TOTAL-PASSED',
    sub_indication: null,
    changes_after: 'none',
    trusted: true,
    fingerprint: null,
    serial: null,
    changes: [],
    reliability: { exclusive: 'not shown', sole_control: 'not shown', signature_intact: 'met', content_intact: 'met' },
    ...over,
  }) as VerifiedSignature

const file = (indication: string, signatures: VerifiedSignature[]) => ({ indication, signatures }) as Verification

describe('the verdict', () => {
  it('counts parties, not signatures', () => {
    const two = [
      signature({ fingerprint: 'x' }),
      signature({ field: 'b', fingerprint: 'x' }),
      signature({ field: 'c' }),
    ]
    expect(verdictOf(file('TOTAL-PASSED', two))).toEqual({ key: 'passed', count: 2, tone: 'jade' })
    const stamped = [signature({ kind: 'doc-timestamp' })]
    expect(verdictOf(file('TOTAL-PASSED', stamped)).key).toBe('passed_sealed_only')
  })

  it('says a change before anything else', () => {
    const broken = signature({ indication: 'TOTAL-FAILED', sub_indication: 'HASH_FAILURE' })
    expect(verdictOf(file('TOTAL-FAILED', [signature(), broken])).key).toBe('failed_changed')
    expect(changeOf(broken)).toBe('broken')
    const forbidden = signature({ changes_after: 'forbidden' })
    expect(verdictOf(file('TOTAL-FAILED', [forbidden])).key).toBe('failed_changed')
    expect(changeOf(forbidden)).toBe('forbidden')
    expect(verdictOf(file('TOTAL-FAILED', [signature({ sub_indication: 'REVOKED' })])).key).toBe('failed')
  })

  it('tells an unknown authority from other doubts, and no signature from a bad one', () => {
    expect(verdictOf(file('INDETERMINATE', [signature({ trusted: false })])).key).toBe('indeterminate_untrusted')
    expect(verdictOf(file('INDETERMINATE', [signature()])).key).toBe('indeterminate')
    expect(verdictOf(file('INDETERMINATE', [])).key).toBe('unsigned')
  })

  it('never shows as met what is not', () => {
    expect(conditionOf('met').key).toBe('met')
    expect(conditionOf('not met').key).toBe('not_met')
    expect(conditionOf('something new').key).toBe('not_shown')
    expect(statusOf({ indication: 'something new' }).key).toBe('indeterminate')
  })

  it('gives reasons in the language of the page', () => {
    expect(reasonText(reason, 'en')).toEqual({ text: 'As signed.' })
    expect(reasonText(reason, 'zh-CN')).toEqual({ text: '未被更改。' })
    expect(reasonText({ ...reason, text_zh: '' }, 'zh-CN')).toEqual({ text: 'As signed.', lang: 'en' })
  })

  it('keeps what holds apart from what does not, and takes nothing unknown for good', () => {
    const broken = { ...reason, code: 'digest_mismatch' }
    const unknown = { ...reason, code: 'something_new' }
    const found = { reasons: [broken, reason, unknown] } as VerifiedSignature
    expect(weighed(found)).toEqual({ against: [broken, unknown], holds: [reason] })
  })

  it('names each forbidden change once', () => {
    const change = { revision: 3, object: '5 0', permitted: false, what: reason }
    const changed = [signature({ changes: [change, { ...change, permitted: true }] }), signature({ changes: [change] })]
    expect(forbiddenChanges(file('TOTAL-FAILED', changed))).toEqual([reason])
  })
})
