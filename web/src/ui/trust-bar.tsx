import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { Chip } from './chip'
import classes from './trust-bar.module.css'

interface TrustBarProps {
  /** Where known from elsewhere (an envelope, a verdict); otherwise the server is asked. */
  trust?: 'test' | 'licensed'
  /** Another sentence than the usual one. */
  children?: ReactNode
}

/** Says what test trust proves and what it does not; nothing under licensed trust. */
export function TrustBar({ trust, children }: TrustBarProps) {
  const { t } = useTranslation()
  const server = useQuery(serverQuery)
  if ((trust ?? server.data?.trust) !== 'test') return null
  return (
    <aside className={classes.bar} aria-label={t('trust.test')}>
      <strong>{t('trust.test')}</strong>
      <span>{children ?? t(server.data?.external_authority ? 'trust.sentence_times' : 'trust.sentence')}</span>
    </aside>
  )
}

export function TrustChip() {
  const { t } = useTranslation()
  const server = useQuery(serverQuery)
  if (server.data?.trust !== 'test') return null
  return (
    <Link to="/about" style={{ textDecoration: 'none', display: 'inline-flex', minHeight: 44, alignItems: 'center' }}>
      <Chip tone="amber">{t('trust.test')}</Chip>
    </Link>
  )
}
