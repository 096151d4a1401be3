import { useTranslation } from 'react-i18next'
import type { SandboxRegister } from '@/api/types'
import { Chip } from '@/ui/chip'
import { CopyValue } from './copy-value'
import classes from './sandbox.module.css'

const facts = ['name', 'credit_code', 'legal_representative', 'account_number'] as const
const states = ['active', 'revoked', 'deregistered'] as const

export function OrganizationsPanel({ organizations }: { organizations: SandboxRegister['organizations'] }) {
  const { t } = useTranslation('sandbox')
  return (
    <>
      <p className={classes.hint}>{t('sandbox.organizations_hint')}</p>
      <ul className={classes.cards}>
        {organizations.map((organization) => {
          const state = states.find((known) => known === organization.state)
          return (
            <li key={organization.credit_code}>
              <div className={classes.cardHead}>
                <h2 lang="zh-CN">{organization.name}</h2>
                <Chip tone={state === 'active' ? 'jade' : 'amber'}>
                  {state ? t(`sandbox.state_${state}`) : organization.state}
                </Chip>
              </div>
              <dl>
                {facts.map((fact) => {
                  const what = t(fact === 'name' ? 'sandbox.company' : `sandbox.${fact}`)
                  return (
                    <div key={fact} className={classes.fact}>
                      <dt>{what}</dt>
                      <dd lang={fact === 'name' || fact === 'legal_representative' ? 'zh-CN' : undefined}>
                        <CopyValue value={organization[fact]} what={what} />
                      </dd>
                    </div>
                  )
                })}
                <div className={classes.fact}>
                  <dt>{t('sandbox.bank')}</dt>
                  <dd lang="zh-CN">{organization.bank}</dd>
                </div>
              </dl>
            </li>
          )
        })}
      </ul>
    </>
  )
}
