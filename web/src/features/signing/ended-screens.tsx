import { IconBan, IconClockX, IconHourglass, IconMailOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'

function Ended({ title, icon, children }: { title: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Screen
      title={title}
      mark={
        <div className={classes.endMark} aria-hidden="true">
          {icon}
        </div>
      }
    >
      {children}
    </Screen>
  )
}

export function WaitingScreen() {
  const { t } = useTranslation('signing')
  const { waiting_for } = useSigning().ceremony
  return (
    <Ended title={t('waiting.title')} icon={<IconHourglass size={30} />}>
      <p className={classes.plain} role="status">
        {waiting_for ? t('waiting.text', { name: waiting_for }) : t('waiting.text_unknown')}
      </p>
    </Ended>
  )
}

export function DeclinedScreen() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { decline, recipient } = useSigning().ceremony
  const self = recipient.status === 'declined'
  return (
    <Ended title={t(self ? 'declined.title_self' : 'declined.title')} icon={<IconBan size={30} />}>
      <p className={classes.plain} role="status">
        {t(self ? 'declined.text_self' : 'declined.text')}
      </p>
      {decline && self ? (
        <section className={classes.card}>
          <h2 className={classes.cardTitle}>{t('declined.reason')}</h2>
          <p className={classes.quote}>{decline.reason}</p>
          <p className={classes.hint}>{t('declined.at', { date: format.zonedDateTime(decline.at) })}</p>
        </section>
      ) : null}
      {self ? <p className={classes.hint}>{t('declined.mistake')}</p> : null}
    </Ended>
  )
}

export function VoidedScreen() {
  const { t } = useTranslation('signing')
  return (
    <Ended title={t('voided.title')} icon={<IconMailOff size={30} />}>
      <p className={classes.plain} role="status">
        {t('voided.text')}
      </p>
    </Ended>
  )
}

export function ExpiredScreen() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { expires_at } = useSigning().ceremony.envelope
  return (
    <Ended title={t('expired.title')} icon={<IconClockX size={30} />}>
      <p className={classes.plain} role="status">
        {expires_at ? t('expired.text', { date: format.zonedDateTime(expires_at) }) : t('expired.text_undated')}
      </p>
    </Ended>
  )
}
