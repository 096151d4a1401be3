import { useTranslation } from 'react-i18next'
import type { Policy } from '@/api/types'

/** What a signing policy asks for, condition by condition. */
export function PolicyFacts({ policy }: { policy: Policy }) {
  const { t } = useTranslation('common')
  const ways = policy.custody.map((custody) => t(`policy.custody.${custody}`)).join(t('policy.or'))
  return (
    <ul>
      <li>{t(`policy.assurance.${policy.assurance}`)}</li>
      {policy.max_age_days === null ? null : <li>{t('policy.age', { count: policy.max_age_days })}</li>}
      <li>{t('policy.custody_any', { ways })}</li>
      <li>{t(`policy.will.${policy.will}`)}</li>
      <li>{t(`policy.time.${policy.time}`)}</li>
      <li>{t('policy.level', { level: policy.level })}</li>
    </ul>
  )
}
