import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { currentLocale } from '@/i18n/i18n'
import { Chip } from '@/ui/chip'
import { conditionOf, reasonText } from './present'
import { conditions, type VerifiedSignature } from './verification'
import classes from './verify.module.css'

interface ReliabilityCardsProps {
  signatures: readonly VerifiedSignature[]
  shown: VerifiedSignature
  choose: (index: number) => void
}

/** The four conditions of Art. 13, each met, not met or not shown, with its reason. */
export function ReliabilityCards({ signatures, shown, choose }: ReliabilityCardsProps) {
  const { t } = useTranslation('verify')
  const locale = currentLocale()
  const signer = shown.signer ?? t('table.unknown_signer')
  return (
    <section>
      <div className={classes.reliabilityHead}>
        <div>
          <h2 className={classes.heading}>{t('reliability.title')}</h2>
          <p className={classes.hint}>{t('reliability.lead', { signer })}</p>
        </div>
        {signatures.length > 1 ? (
          <NativeSelect
            label={t('reliability.choose')}
            value={signatures.indexOf(shown)}
            onChange={(event) => choose(Number(event.currentTarget.value))}
            data={signatures.map((signature, index) => ({
              value: String(index),
              label: signature.signer ?? signature.field,
            }))}
          />
        ) : null}
      </div>
      <ul className={classes.conditions}>
        {conditions.map((name) => {
          const { key, tone } = conditionOf(shown.reliability[name])
          const { text, lang } = reasonText(shown.reliability_reasons[name], locale)
          return (
            <li key={name}>
              <Chip tone={tone}>{t(`reliability.${key}`)}</Chip>
              <h3>{t(`reliability.${name}`)}</h3>
              <p lang={lang}>{text}</p>
            </li>
          )
        })}
      </ul>
      <p className={classes.hint}>{t('reliability.hint')}</p>
    </section>
  )
}
