import { useTranslation } from 'react-i18next'
import classes from './verify.module.css'

export function AboutChecks() {
  const { t } = useTranslation('verify')
  return (
    <section className={classes.about}>
      <h2>{t('about.title')}</h2>
      <ul>
        <li>{t('about.signature')}</li>
        <li>{t('about.certificate')}</li>
        <li>{t('about.time')}</li>
        <li>{t('about.proof')}</li>
      </ul>
      <p>{t('about.elsewhere')}</p>
    </section>
  )
}
