import { useTranslation } from 'react-i18next'
import { commonName } from '@/features/signing/identity/common-name'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { Chip } from '@/ui/chip'
import { changeOf, statusOf } from './present'
import type { VerifiedSignature } from './verification'
import classes from './verify.module.css'

/** One row a signature: who, by which certificate, when, what came after. On a phone each row is a card. */
export function SignatureTable({ signatures }: { signatures: readonly VerifiedSignature[] }) {
  const { t } = useTranslation('verify')
  return (
    <div className={classes.tableBox}>
      <table className={classes.table}>
        <caption className="visually-hidden">{t('table.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('table.signer')}</th>
            <th scope="col">{t('table.certificate')}</th>
            <th scope="col">{t('table.signed')}</th>
            <th scope="col">{t('table.after')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('table.verdict')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {signatures.map((signature) => (
            <SignatureRow key={signature.field} signature={signature} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SignatureRow({ signature }: { signature: VerifiedSignature }) {
  const { t } = useTranslation('verify')
  const status = statusOf(signature)
  const { signer_subject: subject } = signature
  const kind = kindOf(signature)
  return (
    <tr>
      <td>
        <strong>{signature.signer ?? t('table.unknown_signer')}</strong>
        <span className={classes.sub}>
          {t(`kind.${kind}`)}
          {subject?.organization && subject.organization !== signature.signer ? ` · ${subject.organization}` : null}
        </span>
        <PolicyName policy={signature.policy} />
      </td>
      <td data-label={t('table.certificate')}>
        {signature.issuer ? t('table.issued_by', { issuer: commonName(signature.issuer) }) : '—'}
        {signature.serial ? (
          <span className={`${classes.sub} ${classes.serial}`}>{t('table.serial', { serial: signature.serial })}</span>
        ) : null}
      </td>
      <td data-label={t('table.signed')}>
        <SignedAt signature={signature} />
      </td>
      <td data-label={t('table.after')}>{t(`changes.${changeOf(signature)}`)}</td>
      <td className={classes.status}>
        <Chip tone={status.tone}>{t(`status.${status.key}`)}</Chip>
      </td>
    </tr>
  )
}

/** What a policy that is not built in calls itself is its author's word: they are named beside it. */
function PolicyName({ policy }: Pick<VerifiedSignature, 'policy'>) {
  const { t } = useTranslation('verify')
  if (!policy?.title) return null
  const title = policy.title[currentLocale()]
  if (policy.organization) {
    const { name, credit_code } = policy.organization
    const of = policy.source === 'brought' ? 'policy_brought_of' : 'policy_of'
    return <span className={classes.sub}>{t(`table.${of}`, { title, organization: name, code: credit_code })}</span>
  }
  const names = { title, publisher: policy.publisher ?? '' }
  const word = policy.source === 'built-in' ? 'policy' : policy.source === 'brought' ? 'policy_brought' : 'policy_by'
  return <span className={classes.sub}>{t(`table.${word}`, names)}</span>
}

function kindOf({ kind }: VerifiedSignature) {
  if (kind === 'doc-timestamp') return 'doc_timestamp'
  return kind === 'certification' ? 'certification' : 'signature'
}

function SignedAt({ signature }: { signature: VerifiedSignature }) {
  const { t } = useTranslation('verify')
  const format = useFormat()
  const { time_stamp, claimed_time, best_time, level } = signature
  const trusted = time_stamp?.time ?? (signature.kind === 'doc-timestamp' ? best_time : null)
  const note = trusted
    ? time_stamp?.authority
      ? t('table.trusted_time', { authority: time_stamp.authority })
      : t('table.trusted_time_unnamed')
    : claimed_time
      ? t('table.claimed_time')
      : t('table.no_time')
  const time = trusted ?? claimed_time
  return (
    <>
      {time ? <time dateTime={time}>{format.zonedDateTime(time)}</time> : null}
      <span className={classes.sub}>{note}</span>
      {signature.kind === 'doc-timestamp' ? null : <span className={classes.sub}>{t('table.level', { level })}</span>}
    </>
  )
}
