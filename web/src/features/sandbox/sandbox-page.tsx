import { Skeleton, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/api/client'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { SiteShell } from '@/ui/site-shell'
import { TrustBar } from '@/ui/trust-bar'
import { BankPanel } from './bank-panel'
import { OrganizationsPanel } from './organizations-panel'
import { PeoplePanel } from './people-panel'
import classes from './sandbox.module.css'
import { Unavailable } from './unavailable'

const tabs = ['people', 'organizations', 'bank'] as const
type Tab = (typeof tabs)[number]

/** Whom one can play in test trust, and the bank that shows the small payments. */
export function SandboxPage() {
  const { t } = useTranslation('sandbox')
  const hash = useLocation({ select: (location) => location.hash })
  const navigate = useNavigate()
  const tab: Tab = tabs.find((name) => name === hash) ?? 'people'
  const register = useQuery({
    queryKey: ['sandbox', 'register'],
    queryFn: () => data(api.GET('/api/v1/sandbox/register')),
    retry: false,
  })

  return (
    <SiteShell title={t('sandbox.title')}>
      <Page
        title={t('sandbox.title')}
        lead={t('sandbox.lead')}
        hideTitle={register.isError}
        actions={
          <LinkButton to="/outbox" variant="default">
            {t('sandbox.to_outbox')}
          </LinkButton>
        }
      >
        {register.isError ? <Unavailable error={register.error} what="sandbox" /> : null}
        {register.isPending ? <Skeleton height={300} radius="lg" /> : null}
        {register.data ? (
          <>
            <TrustBar trust="test">{t('bar.sandbox')}</TrustBar>
            <Tabs
              value={tab}
              onChange={(next) => void navigate({ to: '/sandbox', hash: next ?? 'people', replace: true })}
              keepMounted={false}
              classNames={{ tab: classes.tab, panel: classes.panel }}
            >
              <Tabs.List grow>
                {tabs.map((name) => (
                  <Tabs.Tab key={name} value={name}>
                    {t(`sandbox.tab_${name}`)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value="people">
                <PeoplePanel people={register.data.people} />
              </Tabs.Panel>
              <Tabs.Panel value="organizations">
                <OrganizationsPanel organizations={register.data.organizations} />
              </Tabs.Panel>
              <Tabs.Panel value="bank">
                <BankPanel organizations={register.data.organizations} />
              </Tabs.Panel>
            </Tabs>
          </>
        ) : null}
      </Page>
    </SiteShell>
  )
}
