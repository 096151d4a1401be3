import { useTranslation } from 'react-i18next'
import type { Policy } from '@/api/types'
import { useFormat } from '@/i18n/format'

/** What a signing policy asks for, condition by condition. */
export function PolicyFacts({ policy }: { policy: Policy }) {
  const { t } = useTranslation('common')
  const format = useFormat()
  const ways = custodies.filter((way) => policy.custody.includes(way)).map((way) => t(`policy.custody.${way}`))
  const wills = policy.will.map((way) => t(`policy.will.${way}`))
  const to = wills.length === 0 ? t('policy.will_key') : t('policy.will_any', { ways: format.either(wills) })
  return (
    <ul>
      <li>{t('policy.identity', { what: t(`policy.assurance.${policy.assurance}`) })}</li>
      {policy.max_age_days === null ? null : <li>{t('policy.age', { count: policy.max_age_days })}</li>}
      <li>{t('policy.custody_any', { ways: format.either(ways) })}</li>
      <li>{t('policy.consenting', { what: to })}</li>
      <li>{t('policy.timing', { what: t(`policy.time.${policy.time}`) })}</li>
      <li>{t('policy.form', { what: t(`policy.level.${policy.level}`) })}</li>
    </ul>
  )
}

const custodies = ['pin', 'passkey', 'device', 'pkcs11'] as const

/** In a sentence of its own, what sets a built-in policy apart. */
export function PolicyAbout({ policy }: { policy: Policy }) {
  const { t } = useTranslation('common')
  const known = (['simple', 'standard', 'strict'] as const).find((name) => name === policy.name)
  return policy.built_in && known ? <p>{t(`policy.about.${known}`)}</p> : null
}
