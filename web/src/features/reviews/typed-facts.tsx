import { useTranslation } from 'react-i18next'
import type { ReviewCase } from '@/api/types'
import classes from './reviews.module.css'

const names = ['name', 'number', 'organization', 'credit_code', 'legal_representative', 'letter', 'scope'] as const

/** What the signer typed, to be compared with the pictures. */
export function TypedFacts({ typed }: { typed: NonNullable<ReviewCase['typed']> }) {
  const { t } = useTranslation('review')
  return (
    <dl className={classes.facts}>
      {typed.document ? (
        <>
          <dt>{t('fact.document')}</dt>
          <dd>{t(`document.${typed.document}`)}</dd>
        </>
      ) : null}
      {names.map((name) =>
        typed[name] ? (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{t(`fact.${name}`)}</dt>
            <dd className={name === 'number' || name === 'credit_code' ? classes.number : undefined}>{typed[name]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
