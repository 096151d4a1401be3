import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from './landing.module.css'

/** How to see the whole of it in five minutes, playing both sides. */
export function TrySteps({ outbox, sandbox }: { outbox: boolean; sandbox: boolean }) {
  const { t } = useTranslation('landing')
  return (
    <section aria-labelledby="try-title">
      <h2 id="try-title" className={classes.heading}>
        {t('try.title')}
      </h2>
      <ol className={classes.steps}>
        <li className={classes.step}>
          <span className={classes.number} aria-hidden="true">
            1
          </span>
          <h3>{t('try.one.title')}</h3>
          <p>{outbox ? t('try.one.text_outbox') : t('try.one.text')}</p>
          <p className={classes.links}>
            <Link to="/signup">{t('try.one.link')}</Link>
            {outbox ? <Link to="/outbox">{t('try.outbox')}</Link> : null}
          </p>
        </li>
        <li className={classes.step}>
          <span className={classes.number} aria-hidden="true">
            2
          </span>
          <h3>{t('try.two.title')}</h3>
          <p>{t('try.two.text')}</p>
          <p className={classes.links}>{sandbox ? <Link to="/sandbox">{t('try.sandbox')}</Link> : null}</p>
        </li>
        <li className={classes.step}>
          <span className={classes.number} aria-hidden="true">
            3
          </span>
          <h3>{t('try.three.title')}</h3>
          <p>{outbox ? t('try.three.text_outbox') : t('try.three.text')}</p>
          <p className={classes.links}>
            <Link to="/verify">{t('verify')}</Link>
          </p>
        </li>
      </ol>
    </section>
  )
}
