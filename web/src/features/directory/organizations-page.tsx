import { Skeleton } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { myOrganizationsQuery } from '@/features/identity/api'
import { MyOrganizations } from '@/features/identity/my-organizations'
import { EmptyState } from '@/ui/empty-state'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { loadOrganizations, organizationsKey } from './api'
import classes from './directory.module.css'
import { OrganizationCard } from './organization-card'

/** The organizations that an account administers, and those on whose staff it may prove to be. */
export function OrganizationsPage() {
  const { t } = useTranslation('directory')
  const mine = useQuery(myOrganizationsQuery)
  const list = useQuery({ queryKey: organizationsKey, queryFn: loadOrganizations })
  return (
    <Page title={t('page.title')} lead={t('page.lead')}>
      <MyOrganizations />
      <ProblemAlert error={list.error} />
      {list.isPending ? <Skeleton height={220} radius="lg" /> : null}
      {list.data?.items.length === 0 && mine.data?.linked && mine.data.items.length === 0 ? (
        <EmptyState icon={<IconBuilding size={40} />} title={t('page.empty')}>
          {t('page.empty_text')}
        </EmptyState>
      ) : null}
      <ul className={classes.cards}>
        {list.data?.items.map((organization) => (
          <li key={organization.id}>
            <OrganizationCard organization={organization} redirectUri={list.data.redirect_uri} />
          </li>
        ))}
      </ul>
    </Page>
  )
}
