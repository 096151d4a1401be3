import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import type { PassedCheck } from './api'
import classes from './identity.module.css'

const factors = ['name', 'id_number', 'phone', 'bank_card', 'document', 'presented', 'face', 'phone_code'] as const
const endings = ['consent_withdrawn', 'erasure'] as const

/** Every check that was passed: by which way and provider, what was compared, how sure it is, until when. */
export function ChecksCard({ checks }: { checks: PassedCheck[] }) {
  const { t } = useTranslation('identity')
  const [newest, ...earlier] = checks
  return (
    <section className={classes.card}>
      <h2>{t('checks.title')}</h2>
      {newest ? <Check check={newest} /> : null}
      {earlier.length > 0 ? (
        <details className={classes.more}>
          <summary>{t('checks.earlier', { count: earlier.length })}</summary>
          <ul className={classes.list}>
            {earlier.map((check) => (
              <li key={check.id}>
                <Check check={check} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  )
}

function Check({ check }: { check: PassedCheck }) {
  const { t } = useTranslation(['identity', 'signing'])
  const format = useFormat()
  const compared = factors.filter((factor) => check.factors.includes(factor))
  const ended = endings.find((word) => word === check.ended)
  return (
    <>
      <div className={classes.head}>
        <span className={classes.name}>
          {check.method ? t(`signing:identity.method.${check.method}`) : t('checks.other')}
        </span>
        <Chip tone={check.counts ? 'jade' : 'plain'}>{t(check.counts ? 'checks.counts' : 'checks.over')}</Chip>
      </div>
      <dl className={classes.facts}>
        <dt>{t('checks.when')}</dt>
        <dd>
          {check.verified_at ? format.zonedDateTime(check.verified_at) : null} ·{' '}
          {t(check.in_account ? 'checks.in_account' : 'checks.in_ceremony')}
        </dd>
        <dt>{t('checks.provider')}</dt>
        <dd>{check.provider === 'sandbox' ? t('checks.sandbox') : check.provider}</dd>
        {check.document ? (
          <>
            <dt>{t('person.document')}</dt>
            <dd>
              {t(`signing:identity.kind.${check.document}`)} · {check.id_number_masked}
            </dd>
          </>
        ) : null}
        <dt>{t('checks.factors')}</dt>
        <dd>{compared.map((factor) => t(`factor.${factor}`)).join(t('comma'))}</dd>
        {check.assurance ? (
          <>
            <dt>{t('person.assurance')}</dt>
            <dd>{t(`assurance.${check.assurance}`)}</dd>
          </>
        ) : null}
        {check.expires_at ? (
          <>
            <dt>{t(check.counts ? 'person.until' : 'person.ended')}</dt>
            <dd>
              {format.date(check.expires_at)}
              {ended ? ` · ${t(`ended.${ended}`)}` : null}
            </dd>
          </>
        ) : null}
        <dt>{t('checks.answer')}</dt>
        <dd className={classes.digest}>{check.answer_sha256}</dd>
        <dt>{t('checks.kept')}</dt>
        <dd>
          {check.erased_at
            ? t('checks.erased', { at: format.date(check.erased_at) })
            : check.kept_until
              ? t('checks.kept_until', { until: format.date(check.kept_until) })
              : null}
        </dd>
      </dl>
    </>
  )
}
