import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { Page } from '@/ui/page'
import { SiteShell } from '@/ui/site-shell'
import { TrustBar } from '@/ui/trust-bar'
import classes from './landing.module.css'

const branches = ['person', 'organization', 'services'] as const

/** What this server's signatures prove, and what they do not. */
export function AboutPage() {
  const { t } = useTranslation('landing')
  const server = useQuery(serverQuery)
  return (
    <SiteShell>
      <Page title={t('about.title')}>
        <TrustBar trust={server.data?.trust} />
        <div className={classes.prose}>
          <h2>{t('about.proved.title')}</h2>
          <ul>
            <li>{t('about.proved.unchanged')}</li>
            <li>{t('about.proved.own_key')}</li>
            <li>{t('about.proved.time')}</li>
            <li>{t('about.proved.offline')}</li>
          </ul>
          <h2>{t('about.not_proved.title')}</h2>
          <ul>
            <li>{t(server.data?.sandbox === false ? 'about.not_proved.checked' : 'about.not_proved.identity')}</li>
            {server.data?.external_authority ? null : <li>{t('about.not_proved.authority')}</li>}
            <li>{t('about.not_proved.time')}</li>
          </ul>
          <h2>{t('about.keys.title')}</h2>
          <p>{t('about.keys.text')}</p>
          <ul>
            <li>{t('about.keys.passkey')}</li>
            <li>{t('about.keys.device')}</li>
            <li>{t('about.keys.pin')}</li>
            <li>{t('about.keys.module')}</li>
          </ul>
          <h2>{t('about.check.title')}</h2>
          <p>{t('about.check.text')}</p>
          <div className={classes.downloads}>
            <Button component="a" href="/pki/root.pem" variant="default" download>
              {t('about.check.root')}
            </Button>
            {branches.flatMap((branch) =>
              (server.data?.revocation_lists ?? [])
                .filter((list) => list.branch === branch)
                .map(({ path, generation }) => (
                  <Button key={path} component="a" href={path} variant="default" download>
                    {t(`about.check.crl_${branch}`)}
                    {generation > 1 ? ` (${generation})` : null}
                  </Button>
                )),
            )}
          </div>
          {server.data ? (
            <>
              <h2>{t('about.server.title')}</h2>
              <p>{t('about.server.text', { version: server.data.version, address: server.data.public_url })}</p>
            </>
          ) : null}
          <p>
            {t('about.licences.text')} <a href="/licences.txt">{t('about.licences.link')}</a>
          </p>
        </div>
      </Page>
    </SiteShell>
  )
}
