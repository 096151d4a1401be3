import { useTranslation } from 'react-i18next'
import { currentLocale } from '@/i18n/i18n'
import { Chip } from '@/ui/chip'
import { conditionOf, reasonText } from './present'
import type { VerifiedSignature } from './verification'
import classes from './verify.module.css'

const rules = ['level', 'time', 'custody', 'will', 'identity', 'identity-age'] as const

/** How a signature stands to each rule of the signing policy that it names. */
export function PolicyRules({ shown }: { shown: VerifiedSignature }) {
  const { t } = useTranslation('verify')
  const locale = currentLocale()
  const known = shown.policy?.rules ?? []
  if (known.length === 0) return null
  return (
    <section>
      <h2 className={classes.heading}>{t('policy.title')}</h2>
      <p className={classes.hint}>{t('policy.lead', { signer: shown.signer ?? t('table.unknown_signer') })}</p>
      <ul className={classes.rules}>
        {known.map(({ rule, condition, reason }) => {
          const { key, tone } = conditionOf(condition)
          const { text, lang } = reasonText(reason, locale)
          const name = rules.find((it) => it === rule)
          return (
            <li key={rule}>
              <Chip tone={tone}>{t(`reliability.${key}`)}</Chip>
              <h3>{name ? t(`policy.${name}`) : rule}</h3>
              <p lang={lang}>{text}</p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
