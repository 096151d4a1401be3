import { Button, Skeleton } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CertificateFacts, CertificateHead } from '@/features/certificates/certificate-facts'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { EmptyState } from '@/ui/empty-state'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'
import { type MyOrganization, myOrganizationsQuery, type OrganizationAgent } from './api'
import classes from './identity.module.css'
import { TakeAway } from './take-away'

const factors = ['name', 'credit_code', 'legal_representative', 'legal_representative_id'] as const

/** The organizations for which the account's person acts: what the registry said, who acts for it, its certificates. */
export function MyOrganizations() {
  const { t } = useTranslation('identity')
  const mine = useQuery(myOrganizationsQuery)
  return (
    <>
      <ProblemAlert error={mine.error} />
      {mine.isPending ? <Skeleton height={180} radius="lg" /> : null}
      {mine.data && !mine.data.linked ? (
        <EmptyState
          icon={<IconBuilding />}
          title={t('organizations.unlinked_title')}
          actions={<LinkButton to="/identity">{t('title')}</LinkButton>}
        >
          {t('organizations.unlinked')}
        </EmptyState>
      ) : null}
      <div className={classes.cards}>
        {mine.data?.items.map((organization) => (
          <OrganizationIdentity key={organization.id} organization={organization} />
        ))}
      </div>
    </>
  )
}

function OrganizationIdentity({ organization }: { organization: MyOrganization }) {
  const { t } = useTranslation('identity')
  const format = useFormat()
  const compared = factors.filter((factor) => organization.factors.includes(factor))
  return (
    <article className={classes.card}>
      <div className={classes.head}>
        <h2>{organization.name}</h2>
        <Chip tone={organization.active ? 'jade' : 'plain'}>
          {t(organization.active ? 'organizations.active' : 'organizations.over')}
        </Chip>
      </div>
      <dl className={classes.facts}>
        <dt>{t('organizations.code')}</dt>
        <dd>{organization.credit_code}</dd>
        <dt>{t('organizations.leader')}</dt>
        <dd>{organization.legal_representative}</dd>
        <dt>{t('organizations.registry')}</dt>
        <dd>
          {organization.provider === 'sandbox' ? t('checks.sandbox') : organization.provider}
          {organization.checked_at ? ` · ${format.zonedDateTime(organization.checked_at)}` : null}
        </dd>
        {compared.length > 0 ? (
          <>
            <dt>{t('checks.factors')}</dt>
            <dd>{compared.map((factor) => t(`organizations.factor.${factor}`)).join(t('comma'))}</dd>
          </>
        ) : null}
        {organization.answer_sha256 ? (
          <>
            <dt>{t('checks.answer')}</dt>
            <dd className={classes.digest}>{organization.answer_sha256}</dd>
          </>
        ) : null}
        <dt>{t('organizations.you')}</dt>
        <dd>
          {t(`organizations.role.${organization.role}`)} · {t(`organizations.proof.${organization.proof}`)}
        </dd>
        <dt>{t('organizations.since')}</dt>
        <dd>{format.date(organization.since)}</dd>
        {organization.until || organization.ended_at ? (
          <>
            <dt>{t(organization.active ? 'person.until' : 'person.ended')}</dt>
            <dd>
              {format.date(organization.ended_at ?? organization.until ?? organization.since)}
              {organization.ended_because ? ` · ${t(`organizations.end.${organization.ended_because}`)}` : null}
            </dd>
          </>
        ) : null}
      </dl>
      {organization.agents.length > 0 ? <Agents organization={organization} /> : null}
      {organization.certificates.length > 0 ? (
        <details className={classes.more}>
          <summary>{t('organizations.certificates', { count: organization.certificates.length })}</summary>
          <ul className={classes.list}>
            {organization.certificates.map((certificate) => (
              <li key={certificate.id}>
                <CertificateHead certificate={certificate} as="h3" />
                <CertificateFacts certificate={certificate} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </article>
  )
}

function Agents({ organization }: { organization: MyOrganization }) {
  const { t } = useTranslation('identity')
  const format = useFormat()
  const [leaving, setLeaving] = useState<OrganizationAgent | null>(null)
  return (
    <>
      <h3>{t('organizations.agents')}</h3>
      <ul className={classes.list}>
        {organization.agents.map((agent) => (
          <li key={agent.id}>
            <div className={classes.head}>
              <span className={classes.name}>
                {agent.name ?? t('person.erased')} {agent.is_me ? t('organizations.me') : null}
              </span>
              <Chip tone={agent.active ? 'jade' : 'plain'}>
                {t(agent.active ? 'organizations.active' : 'organizations.over')}
              </Chip>
            </div>
            <p className={classes.hint}>
              {t(`organizations.role.${agent.role}`)} · {t(`organizations.proof.${agent.proof}`)} ·{' '}
              {format.date(agent.since)} –{' '}
              {agent.revoked_at || agent.until ? format.date(agent.revoked_at ?? agent.until ?? '') : '…'}
              {agent.revoked_reason ? ` · ${t(`organizations.end.${agent.revoked_reason}`)}` : null}
            </p>
            {agent.can_revoke ? (
              <Button variant="default" size="sm" onClick={() => setLeaving(agent)}>
                {t(agent.is_me ? 'organizations.resign' : 'organizations.take')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {leaving ? <TakeAway organization={organization} agent={leaving} close={() => setLeaving(null)} /> : null}
    </>
  )
}
