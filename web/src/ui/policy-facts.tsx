import { useTranslation } from 'react-i18next'
import type { Policy } from '@/api/types'
import { useFormat } from '@/i18n/format'

/** What a signing policy asks for, condition by condition. */
export function PolicyFacts({ policy }: { policy: Policy }) {
  const { t } = useTranslation('common')
  const words = usePolicyWords()
  return (
    <ul>
      <li>{t('policy.identity', { what: t(`policy.assurance.${policy.assurance}`) })}</li>
      {policy.max_age_days === null ? null : <li>{t('policy.age', { count: policy.max_age_days })}</li>}
      <li>{words.custody(policy)}</li>
      <li>{words.consenting(policy)}</li>
      <li>{t('policy.timing', { what: t(`policy.time.${policy.time}`) })}</li>
      <li>{t('policy.form', { what: t(`policy.level.${policy.level}`) })}</li>
    </ul>
  )
}

const custodies = ['pin', 'passkey', 'device', 'pkcs11'] as const

/** What may open the key, and what is asked for each signature, in a sentence each. */
export function usePolicyWords() {
  const { t } = useTranslation('common')
  const format = useFormat()
  /** Keys in a hardware module are for organizations. */
  const custody = ({ custody }: Policy, kind?: 'person' | 'organization') => {
    const ways = custodies.filter((way) => custody.includes(way) && (way !== 'pkcs11' || kind !== 'person'))
    return t('policy.custody_any', { ways: format.either(ways.map((way) => t(`policy.custody.${way}`))) })
  }
  const consenting = ({ will }: Policy) => {
    const wills = will.map((way) => t(`policy.will.${way}`))
    const what = wills.length === 0 ? t('policy.will_key') : t('policy.will_any', { ways: format.either(wills) })
    return t('policy.consenting', { what })
  }
  return { custody, consenting }
}

/** In a sentence of its own, what sets a built-in policy apart. */
export function PolicyAbout({ policy }: { policy: Policy }) {
  const { t } = useTranslation('common')
  const known = (['simple', 'standard', 'strict'] as const).find((name) => name === policy.name)
  return policy.built_in && known ? <p>{t(`policy.about.${known}`)}</p> : null
}
