import { Card, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/policies'
import type { Policy } from '@/api/types'
import { currentLocale } from '@/i18n/i18n'
import { Chip } from '@/ui/chip'
import { Page } from '@/ui/page'
import { PolicyAbout, PolicyFacts } from '@/ui/policy-facts'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './policies.module.css'
import { PolicyForm } from './policy-form'

/** The signing policies that a sender may choose from, and a form for one of their own. */
export function PoliciesPage() {
  const { t } = useTranslation('common')
  const { data, error, isPending } = useQuery(policiesQuery)
  return (
    <Page title={t('policy.page.title')} lead={t('policy.page.lead')}>
      <Stack gap="md">
        <ProblemAlert error={error} />
        {isPending ? <Skeleton height={220} radius="lg" /> : null}
        {(data?.items ?? []).map((policy) => (
          <PolicyCard key={policy.digest} policy={policy} />
        ))}
        <PolicyForm organizations={data?.organizations ?? []} />
      </Stack>
    </Page>
  )
}

function PolicyCard({ policy }: { policy: Policy }) {
  const { t } = useTranslation('common')
  const { organization } = policy
  const owner = organization
    ? t('policy.conditions_of', { organization: organization.name })
    : t(policy.built_in ? 'policy.page.built_in' : 'policy.page.own')
  return (
    <Card component="section" className={classes.card}>
      <div className={classes.head}>
        <h2 className={classes.title}>{policy.title[currentLocale()]}</h2>
        <Chip>{owner}</Chip>
        {policy.available ? null : <Chip tone="amber">{t('policy.page.unavailable')}</Chip>}
      </div>
      <p className={classes.name}>
        <code>{policy.name}</code> · {t('policy.version', { version: policy.version })}
      </p>
      <div className={classes.facts}>
        <PolicyAbout policy={policy} />
        <PolicyFacts policy={policy} />
      </div>
      <dl className={classes.ids}>
        <dt>{t('policy.page.digest')}</dt>
        <dd>
          <a href={`/api/v1/policies/${policy.digest}`}>{policy.digest}</a>
        </dd>
        <dt>{t('policy.page.oid')}</dt>
        <dd>{policy.oid}</dd>
        {organization ? (
          <>
            <dt>{t('policy.page.credit_code')}</dt>
            <dd>{organization.credit_code}</dd>
          </>
        ) : null}
      </dl>
    </Card>
  )
}
