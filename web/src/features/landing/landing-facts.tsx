import { IconClockCheck, IconKey, IconListDetails, IconRubberStamp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './landing.module.css'

/** What a signed contract holds, said as facts. */
export function LandingFacts() {
  const { t } = useTranslation('landing')
  const facts = [
    { key: 'key', icon: IconKey, title: t('facts.key.title'), text: t('facts.key.text') },
    { key: 'seal', icon: IconRubberStamp, title: t('facts.seal.title'), text: t('facts.seal.text') },
    { key: 'time', icon: IconClockCheck, title: t('facts.time.title'), text: t('facts.time.text') },
    { key: 'record', icon: IconListDetails, title: t('facts.record.title'), text: t('facts.record.text') },
  ]
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title" className={classes.heading}>
        {t('facts.title')}
      </h2>
      <ul className={classes.facts}>
        {facts.map(({ key, icon: Icon, title, text }) => (
          <li key={key} className={classes.fact}>
            <Icon size={22} aria-hidden className={classes.factIcon} />
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
