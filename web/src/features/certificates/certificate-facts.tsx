import { useTranslation } from 'react-i18next'
import type { IssuedCertificate } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import classes from './certificates.module.css'
import { grouped, profileWord, reasonWord, statusTones } from './words'

/** Whose certificate, what for, and how it stands. */
export function CertificateHead({
  certificate,
  as: Heading = 'h2',
}: {
  certificate: IssuedCertificate
  as?: 'h2' | 'h3'
}) {
  const { t } = useTranslation('certificate')
  const profile = profileWord(certificate.profile)
  return (
    <div className={classes.head}>
      <div className={classes.names}>
        <Heading className={classes.name}>{certificate.name}</Heading>
        {certificate.organization && certificate.organization !== certificate.name ? (
          <p className={classes.organization}>{certificate.organization}</p>
        ) : null}
        <p className={classes.profile}>{profile ? t(`profile.${profile}`) : certificate.profile}</p>
      </div>
      <Chip tone={statusTones[certificate.status]}>{t(`status.${certificate.status}`)}</Chip>
    </div>
  )
}

export function CertificateFacts({ certificate }: { certificate: IssuedCertificate }) {
  const { t } = useTranslation('certificate')
  const format = useFormat()
  const reason = certificate.reason ? reasonWord(certificate.reason) : undefined
  return (
    <dl className={classes.facts}>
      <dt>{t('fact.valid')}</dt>
      <dd>
        {t('fact.from_to', { from: format.date(certificate.not_before), to: format.date(certificate.not_after) })}
      </dd>
      {certificate.revoked_at ? (
        <>
          <dt>{t(certificate.status === 'suspended' ? 'fact.suspended' : 'fact.revoked')}</dt>
          <dd>
            {format.zonedDateTime(certificate.revoked_at)}
            {reason && certificate.status !== 'suspended' ? ` · ${t(`reason.${reason}`)}` : null}
          </dd>
        </>
      ) : null}
      <dt>{t('fact.serial')}</dt>
      <dd className={classes.hex}>{grouped(certificate.serial)}</dd>
      <dt>{t('fact.issuer')}</dt>
      <dd>
        {certificate.authority === 'embedded' ? certificate.issuer : `${certificate.authority} · ${certificate.issuer}`}
      </dd>
    </dl>
  )
}
