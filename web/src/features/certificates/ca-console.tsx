import { Alert, Skeleton, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { caQuery } from '@/api/certificates'
import { useFormat } from '@/i18n/format'
import { NotFound } from '@/ui/not-found'
import { Page } from '@/ui/page'
import { CaList } from './ca-list'
import { CaRequests } from './ca-requests'
import { CaTrees } from './ca-trees'
import classes from './certificates.module.css'

const tabs = ['authorities', 'certificates', 'requests'] as const
type Tab = (typeof tabs)[number]

/** For the authority's administrators; to everyone else there is nothing here. */
export function CaConsole() {
  const { t } = useTranslation('certificate')
  const format = useFormat()
  const hash = useLocation({ select: (location) => location.hash })
  const navigate = useNavigate()
  const tab: Tab = tabs.find((name) => name === hash) ?? 'authorities'
  const overview = useQuery(caQuery)
  if (overview.isError) return <NotFound />
  const waiting = overview.data?.waiting ?? 0
  return (
    <Page title={t('ca.title')} lead={t('ca.lead')} width="wide">
      {overview.data?.administrators.length === 1 ? (
        <Alert color="amber" mb="md">
          {t('ca.alone')}
        </Alert>
      ) : null}
      <Tabs
        value={tab}
        onChange={(next) => void navigate({ to: '/ca', hash: next ?? 'authorities', replace: true })}
        keepMounted={false}
        classNames={{ tab: classes.tab, panel: classes.panel }}
      >
        <Tabs.List grow>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`ca.tab_${name}`)}
              {name === 'requests' && waiting > 0 ? (
                <span className={classes.count}>{format.number(waiting)}</span>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="authorities">
          {overview.data ? <CaTrees overview={overview.data} /> : <Skeleton height={300} radius="lg" />}
        </Tabs.Panel>
        <Tabs.Panel value="certificates">
          <CaList />
        </Tabs.Panel>
        <Tabs.Panel value="requests">
          <CaRequests />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
