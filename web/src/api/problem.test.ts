import { afterEach, describe, expect, it } from 'vitest'
import { formatter } from '@/i18n/format'
import { i18n } from '@/i18n/i18n'
import { ApiProblem, problemFrom, problemText, toProblem } from './problem'

const en = formatter('en', 'UTC')

afterEach(async () => {
  await i18n.changeLanguage('en')
})

describe('problems', () => {
  it('say what the code means, with its values', () => {
    const text = problemText({ code: 'pdf_too_many_pages', status: 422, params: { pages: 50_000, limit: 2000 } }, en)
    expect(text).toContain('50,000')
    expect(text).toContain('2,000')
  })

  it('prefer the sentence for the reason, where there is one', () => {
    const reason = { code: 'id_number_invalid', status: 422, params: { reason: 'checksum' } }
    const other = { code: 'id_number_invalid', status: 422, params: { reason: 'not-known-here' } }
    expect(problemText(reason, en)).not.toBe(problemText(other, en))
    expect(problemText(other, en)).toBe(problemText({ code: 'id_number_invalid', status: 422 }, en))
  })

  it('say sizes, waiting times and moments as people do', () => {
    expect(problemText({ code: 'pdf_too_large', status: 413, params: { limit: 104_857_600 } }, en)).toContain('100 MB')
    expect(problemText({ code: 'rate_limited', status: 429, params: { retry_after: 30 } }, en)).toContain('30 seconds')
    expect(problemText({ code: 'rate_limited', status: 429, params: { retry_after: 540 } }, en)).toContain('9 minutes')
    const locked = { code: 'key_locked', status: 423, params: { until: '2026-11-23T10:30:00Z' } }
    expect(problemText(locked, en)).toContain('10:30')
  })

  it('leave no hole where the server gave no value', () => {
    expect(problemText({ code: 'rate_limited', status: 429 }, en)).not.toContain('{{')
  })

  it('name an unknown code rather than saying nothing', () => {
    expect(problemText({ code: 'from_the_future', status: 409 }, en)).toContain('from_the_future')
  })

  it('speak Chinese', async () => {
    await i18n.changeLanguage('zh-CN')
    expect(problemText({ code: 'not_pdf', status: 422 }, formatter('zh-CN'))).toMatch(/[一-鿿]/)
  })

  it('come from any answer and any throw', () => {
    expect(problemFrom(409, { code: 'not_draft', status: 200 })).toMatchObject({ code: 'not_draft', status: 409 })
    expect(problemFrom(502, '<html>')).toEqual({ code: 'internal', status: 502 })
    expect(problemFrom(413, null).code).toBe('request_too_large')
    expect(toProblem(new ApiProblem({ code: 'not_pdf', status: 422 })).code).toBe('not_pdf')
    expect(toProblem(new TypeError('Failed to fetch')).code).toBe('network')
    expect(toProblem('?').code).toBe('unknown')
  })
})
