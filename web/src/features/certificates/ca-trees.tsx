import { useTranslation } from 'react-i18next'
import type { CaOverview, CaView } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { CertificateFacts, CertificateHead } from './certificate-facts'
import classes from './certificates.module.css'
import { grouped } from './words'

/** The root, the CAs under it with their lists, and the platform's own keys. */
export function CaTrees({ overview }: { overview: CaOverview }) {
  const { t } = useTranslation('certificate')
  return (
    <>
      <ul className={classes.cards}>
        {overview.authorities.map((ca) => (
          <Ca key={ca.word} ca={ca} />
        ))}
      </ul>
      <h2 className={classes.heading}>{t('ca.keys')}</h2>
      <p className={classes.hint}>{t('ca.keys_hint')}</p>
      <ul className={classes.cards}>
        {overview.keys.map((key) => (
          <li key={key.id} className={classes.card}>
            <CertificateHead certificate={key} as="h3" />
            <CertificateFacts certificate={key} />
          </li>
        ))}
      </ul>
      <h2 className={classes.heading}>{t('ca.administrators')}</h2>
      <p className={classes.hint}>{t('ca.administrators_hint')}</p>
      <ul className={classes.plain}>
        {overview.administrators.map((email) => (
          <li key={email}>{email}</li>
        ))}
      </ul>
    </>
  )
}

const branches = ['services', 'person', 'organization'] as const

function Ca({ ca }: { ca: CaView }) {
  const { t } = useTranslation('certificate')
  const format = useFormat()
  const branch = branches.find((known) => known === ca.branch)
  const { list } = ca
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <div className={classes.names}>
          <h2 className={classes.name}>{ca.subject}</h2>
          <p className={classes.profile}>{t(branch ? `branch.${branch}` : 'branch.root')}</p>
        </div>
        <Chip tone={ca.is_active ? 'jade' : 'plain'}>{t(ca.is_active ? 'ca.active' : 'ca.retired')}</Chip>
      </div>
      <dl className={classes.facts}>
        <dt>{t('fact.valid')}</dt>
        <dd>{t('fact.from_to', { from: format.date(ca.not_before), to: format.date(ca.not_after) })}</dd>
        <dt>{t('fact.key')}</dt>
        <dd>{t(ca.has_key ? 'ca.key_here' : 'ca.key_away')}</dd>
        <dt>{t('fact.certified')}</dt>
        <dd>{t('ca.counts', { valid: format.number(ca.valid), revoked: format.number(ca.revoked) })}</dd>
        <dt>{t('fact.serial')}</dt>
        <dd className={classes.hex}>{grouped(ca.serial)}</dd>
        {list ? (
          <>
            <dt>{t('fact.list')}</dt>
            <dd>
              <a href={list.url}>{t('ca.list', { number: list.number })}</a>
              {' · '}
              {t('ca.list_until', { until: format.zonedDateTime(list.next_update) })}
              {list.ahead > 0 ? ` · ${t('ca.list_ahead', { count: list.ahead })}` : null}
            </dd>
          </>
        ) : null}
      </dl>
    </li>
  )
}
